/**
 * The tenant's own network: a bridge of Docker's with two addresses, so that nobody else can be on it; for Podman the namespace and the link of the rung
 * `os-user`, which it joins by path (its 4.3 lets nobody name a bridge). What may pass is said by the table of `os-user/firewall.ts`.
 */
import type { Blueprint, Layout } from '../../core/blueprint.ts';
import type { Command } from '../../core/command.ts';
import { foreign, markOf, userOf } from '../os-user/names.ts';
import { convergeLink, convergeLinkUp, refuseForeignLink, removeLink } from '../os-user/network.ts';
import { convergeRebuild, forgetBuilt, rebuildDisk } from '../os-user/rebuild.ts';
import { containerName, labels, subnetOf } from './names.ts';
import type { ContainerObserved } from './observe.ts';

/** Whether it is on a link of ours, not on a bridge of Docker's. */
export function hasLink({ engine, rootless }: ContainerObserved): boolean {
  return engine === 'podman' || rootless !== undefined;
}

/** Throws BulkheadError `apply` for a container, a network or a link of our name without this tenant's mark. */
export function refuseForeignContainer(blueprint: Blueprint, layout: Layout, observed: ContainerObserved): void {
  const { engine, container, network, base } = observed;
  const name = containerName(blueprint);
  const mark = markOf(blueprint, layout);
  if (container !== null && container.mark !== mark)
    throw foreign(blueprint, `${engine} has a container ${name} that is not this tenant's`, `look at it with: ${engine} container inspect ${name}`);
  if (network !== null && network.mark !== mark)
    throw foreign(blueprint, `${engine} has a network ${name} that is not this tenant's`, `look at it with: ${engine} network inspect ${name}`);
  if (hasLink(observed)) return refuseForeignLink(blueprint, base);
  // Docker would take over a bridge that is there already, and whatever is plugged into it.
  const { link } = userOf(blueprint);
  if (base.link !== null && (network === null || base.link.kind !== 'bridge'))
    throw foreign(
      blueprint,
      `network link ${link} exists and is not the bridge of this tenant's network`,
      `look at it with: ip -d link show ${link}`,
    );
}

/** Before the rules: what is not up yet. */
export function convergeUnderRules(blueprint: Blueprint, observed: ContainerObserved): readonly Command[] {
  return hasLink(observed) ? convergeLink(blueprint, observed.base) : [];
}

/** After the rules: there is no moment at which the link is up without them. */
export function convergeNetwork(blueprint: Blueprint, layout: Layout, observed: ContainerObserved): readonly Command[] {
  const { engine, network, base } = observed;
  if (hasLink(observed)) return [...convergeLinkUp(blueprint, base), ...convergeRebuild(blueprint, layout, base)];
  const name = containerName(blueprint);
  const { link } = userOf(blueprint);
  const { subnet, gateway } = subnetOf(base);
  const rebuild = blueprint.limits.diskBytes === undefined ? [] : convergeRebuild(blueprint, layout, base, rebuildDisk(blueprint, layout));
  if (network !== null && isAsWanted(observed, link)) return rebuild;
  const how = ['--driver', 'bridge', '--subnet', subnet, '--gateway', gateway, '--opt', `com.docker.network.bridge.name=${link}`];
  const create: Command = {
    title: `create network ${name} in ${engine}`,
    argv: [engine, 'network', 'create', ...how, ...labels(blueprint, layout), name],
  };
  return [...removeBridge(blueprint, observed), create, ...rebuild];
}

function isAsWanted({ network, base }: ContainerObserved, link: string): boolean {
  const { subnet, gateway } = subnetOf(base);
  const [only, ...more] = network?.subnets ?? [];
  return network?.driver === 'bridge' && network.bridge === link && more.length === 0 && only?.subnet === subnet && only.gateway === gateway;
}

/** How `run` is told of it. */
export function networkArguments(blueprint: Blueprint, { engine, base, rootless }: ContainerObserved): readonly string[] {
  // The engine itself is in the tenant's namespace: what it takes for the host's network is that one.
  if (rootless !== undefined) return ['--network', engine === 'docker' ? 'none' : 'host'];
  if (engine === 'podman') return ['--network', `ns:/run/netns/${userOf(blueprint).namespace}`];
  // Docker answers names itself at 127.0.0.11 and asks this one on the tenant's behalf, from inside; where there is none, nobody.
  const [dns = '127.0.0.1'] = blueprint.sealed === true ? [] : base.resolvers;
  return ['--network', containerName(blueprint), '--ip', subnetOf(base).inside, '--dns', dns];
}

export function removeContainer(blueprint: Blueprint, { engine, container }: ContainerObserved): readonly Command[] {
  if (container === null) return [];
  return [{ title: `delete container ${containerName(blueprint)}`, argv: [engine, 'container', 'rm', '--force', container.id] }];
}

export function removeNetwork(blueprint: Blueprint, layout: Layout, observed: ContainerObserved): readonly Command[] {
  const forget = forgetBuilt(blueprint, layout, observed.base);
  return [...forget, ...(hasLink(observed) ? removeLink(blueprint, observed.base) : removeBridge(blueprint, observed))];
}

function removeBridge(blueprint: Blueprint, { engine, network }: ContainerObserved): readonly Command[] {
  if (network === null) return [];
  const name = containerName(blueprint);
  return [{ title: `delete network ${name} in ${engine}`, argv: [engine, 'network', 'rm', name] }];
}
