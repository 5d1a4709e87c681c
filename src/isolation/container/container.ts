/** The `container` rung: a container of Docker or Podman with the user, the tree and the rules of an `os-user` boundary; one kernel for all. */
import type { Blueprint, Layout } from '../../core/blueprint.ts';
import type { Command } from '../../core/command.ts';
import type { BoundaryDetails, Isolation } from '../../core/host.ts';
import { enterBoundary, outsideAsTenant } from '../os-user/enter.ts';
import { convergeEtc } from '../os-user/filesystem.ts';
import { convergeFirewall, convergeForwarding, isFirewallLoaded, isRecordedTable, removeFromFirewall } from '../os-user/firewall.ts';
import { convergeLimits, removeLimits } from '../os-user/limits.ts';
import { addressesOf, boundaryDir, foreign, foreseeUser, userOf } from '../os-user/names.ts';
import { convergePassages, convergeTree, hasTree, refuseForeignTree, removeTree } from '../os-user/tree.ts';
import { convergeUser, refuseForeignUser, removeUser } from '../os-user/user.ts';
import { deliverImage } from './deliver-image.ts';
import { fingerprint } from './fingerprint.ts';
import { convergeNetwork, convergeUnderRules, hasLink, refuseForeignContainer, removeContainer, removeNetwork } from './network.ts';
import { type ContainerObserved, locateContainers, observeContainer } from './observe.ts';
import { askArgv, convergeSubordinate, refuseRootless, removeSubordinate } from './rootless.ts';
import { enterGvisor, isGvisor, refuseRuntime } from './gvisor.ts';
import { containerService } from './service.ts';

export const container: Isolation<ContainerObserved> = {
  rung: 'container',
  separates: { files: true, processes: true, loopback: true, tmp: true, limits: true, egress: true },
  fingerprint,
  observe: observeContainer,
  locate: locateContainers,
  deliver: deliverImage,
  converge,
  foresee: (blueprint, layout, observed) => ({ ...observed, base: foreseeUser(blueprint, layout, observed.base) }),
  hasTree: (blueprint, { base }) => hasTree(blueprint, base),
  remove,
  service: (blueprint, layout, observed) => containerService(blueprint, layout, observed),
  enter: (blueprint, layout, observed, program) =>
    isGvisor(observed) ? enterGvisor(blueprint, observed, program) : enterBoundary(blueprint, layout, observed.base, program),
  asTenant: (blueprint, layout, { base }, program) => outsideAsTenant(blueprint, layout, base, program),
  details,
};

/** User and files first, then the rules, and only then the network that they hold back. The container itself is the supervisor's to start. */
function converge(blueprint: Blueprint, layout: Layout, observed: ContainerObserved): readonly Command[] {
  const { base, rootless } = observed;
  refuseForeign(blueprint, layout, observed);
  refuseRootless(blueprint, layout, observed);
  refuseRuntime(blueprint, observed);
  const asTenant = (argv: readonly [string, ...string[]]): Command =>
    outsideAsTenant(blueprint, layout, base, { title: argv.slice(0, 2).join(' '), argv });
  return [
    ...convergePassages(layout, base),
    ...convergeUser(blueprint, layout, base),
    ...convergeSubordinate(blueprint, observed),
    ...convergeTree(blueprint, layout, base, asTenant),
    ...convergeEtc(blueprint, layout, base),
    // A rootful engine makes the control group itself.
    ...(rootless === undefined ? [] : convergeLimits(blueprint, layout, base)),
    ...convergeUnderRules(blueprint, observed),
    ...convergeFirewall(blueprint, layout, base),
    ...convergeForwarding(blueprint, layout, base),
    ...convergeNetwork(blueprint, layout, observed),
  ];
}

function refuseForeign(blueprint: Blueprint, layout: Layout, observed: ContainerObserved): void {
  refuseForeignUser(blueprint, layout, observed.base);
  refuseForeignTree(blueprint, layout, observed.base);
  refuseForeignContainer(blueprint, layout, observed);
}

/** The caller has stopped the service; what it left running is ours and goes. The image stays: it is the host's, as the install is. */
function remove(blueprint: Blueprint, layout: Layout, observed: ContainerObserved): readonly Command[] {
  const { base } = observed;
  refuseForeign(blueprint, layout, observed);
  // Its own engine would go with the service; another's container is deleted whatever its state.
  if (observed.rootless !== undefined && base.boundary !== null)
    throw foreign(blueprint, `its container still runs (pid ${base.boundary.pid})`, `bulkhead stop ${blueprint.tenant}`);
  const last = base.firewall.tenants.every((name) => name === userOf(blueprint).name);
  const dir = boundaryDir(blueprint, layout);
  const files: readonly Command[] =
    (base.entries[dir] ?? null) === null ? [] : [{ title: `delete ${dir}`, argv: ['rm', '-rf', '--one-file-system', '--', dir] }];
  return [
    ...removeContainer(blueprint, observed),
    // The network before the rules: a tenant without rules must not have one.
    ...removeNetwork(blueprint, layout, observed),
    ...removeFromFirewall(blueprint, layout, base),
    ...removeLimits(blueprint, layout, base, last),
    ...files,
    ...removeTree(blueprint, layout, base),
    ...removeSubordinate(blueprint, observed),
    ...removeUser(blueprint, base),
  ];
}

function details(observed: ContainerObserved): BoundaryDetails {
  const { engine, base, network, container: seen, rootless } = observed;
  if (base.user === null) return {};
  const { host, inside } = addressesOf(base);
  const { uid, gid } = base.user;
  const egressFiltered = hasLink(observed) ? isFirewallLoaded(base) : network !== null && isRecordedTable(base);
  const asks = askArgv(observed);
  const own = base.boundary === null || asks === undefined ? {} : { pid: base.boundary.pid, askEngine: { engine, argv: asks } };
  const up = rootless !== undefined ? own : base.boundary === null || seen === null ? {} : { pid: base.boundary.pid, container: seen.id };
  return { uid, gid, address: inside, hostAddress: host, egressFiltered, ...up };
}
