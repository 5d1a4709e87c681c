/** The `os-user` rung: own user, own loopback, own view of files and processes, own limits, refused egress; one kernel for all. */
import type { Blueprint, Layout } from '../../core/blueprint.ts';
import type { Command } from '../../core/command.ts';
import type { BoundaryDetails, Isolation } from '../../core/host.ts';
import { deliverSandboxImage } from './deliver-sandbox-image.ts';
import { convergeEngine, refuseForeignEngine } from './engine.ts';
import { enterBoundary, outsideAsTenant } from './enter.ts';
import { convergeEtc } from './filesystem.ts';
import { fingerprint } from './fingerprint.ts';
import { convergeFirewall, convergeForwarding, isFirewallLoaded } from './firewall.ts';
import { convergeLimits } from './limits.ts';
import { addressesOf, foreseeUser } from './names.ts';
import { convergeLink, convergeLinkUp, refuseForeignLink } from './network.ts';
import { locateOsUsers, observeOsUser } from './observe.ts';
import type { OsUserObserved } from './observer.ts';
import { convergeRebuild } from './rebuild.ts';
import { removeOsUser } from './remove.ts';
import { boundaryService } from './service.ts';
import { convergePassages, convergeTree, hasTree, refuseForeignTree } from './tree.ts';
import { convergeUser, refuseForeignUser } from './user.ts';

export type { OsUserObserved } from './observer.ts';

export const osUser: Isolation<OsUserObserved> = {
  rung: 'os-user',
  separates: { files: true, processes: true, loopback: true, tmp: true, limits: true, egress: true },
  fingerprint: (host, signal) => fingerprint(host, signal),
  observe: observeOsUser,
  locate: locateOsUsers,
  deliver: deliverSandboxImage,
  converge,
  foresee: foreseeUser,
  hasTree,
  remove: removeOsUser,
  service: (blueprint, layout, observed) => boundaryService(blueprint, layout, observed),
  enter: enterBoundary,
  asTenant: outsideAsTenant,
  details,
};

/** User and files first, then a link that is down, the rules, the way out, only then the link up, and last the note that all of it stands. */
function converge(blueprint: Blueprint, layout: Layout, observed: OsUserObserved): readonly Command[] {
  refuseForeignUser(blueprint, layout, observed);
  refuseForeignTree(blueprint, layout, observed);
  refuseForeignLink(blueprint, observed);
  refuseForeignEngine(blueprint, layout, observed);
  const asTenant = (argv: readonly [string, ...string[]]): Command =>
    outsideAsTenant(blueprint, layout, observed, { title: argv.slice(0, 2).join(' '), argv });
  return [
    ...convergePassages(layout, observed),
    ...convergeUser(blueprint, layout, observed),
    ...convergeTree(blueprint, layout, observed, asTenant),
    ...convergeEngine(blueprint, layout, observed, asTenant),
    ...convergeEtc(blueprint, layout, observed),
    ...convergeLimits(blueprint, layout, observed),
    ...convergeLink(blueprint, observed),
    ...convergeFirewall(blueprint, layout, observed),
    ...convergeForwarding(blueprint, layout, observed),
    ...convergeLinkUp(blueprint, observed),
    ...convergeRebuild(blueprint, layout, observed),
  ];
}

function details(observed: OsUserObserved): BoundaryDetails {
  if (observed.user === null) return {};
  const { host, inside } = addressesOf(observed);
  const { uid, gid } = observed.user;
  const egressFiltered = isFirewallLoaded(observed);
  return { uid, gid, address: inside, hostAddress: host, egressFiltered, ...(observed.boundary === null ? {} : { pid: observed.boundary.pid }) };
}
