/** The tenant's network namespace and the link that leads out of it. IPv6 is off before a link exists; rules stand before it is up. */
import type { Blueprint } from '../../core/blueprint.ts';
import type { Command } from '../../core/command.ts';
import { addressesOf, foreign, userOf } from './names.ts';
import type { OsUserObserved } from './observer.ts';

/** Host end of the link. Forwarding is per interface (the kernel asks the incoming one), so net.ipv4.ip_forward stays as it is. */
function wantedSysctls(blueprint: Blueprint, observed: OsUserObserved): Readonly<Record<string, string>> {
  return {
    ...(observed.ipv6 ? { 'ipv6/disable_ipv6': '1' } : {}),
    'ipv4/rp_filter': '1',
    'ipv4/accept_redirects': '0',
    'ipv4/send_redirects': '0',
    'ipv4/route_localnet': '0',
    'ipv4/arp_ignore': '1',
    'ipv4/forwarding': needsUplink(blueprint, observed) ? '1' : '0',
  };
}

/** Whether anything beyond the host may be reached at all. */
export function needsUplink(blueprint: Blueprint, observed: OsUserObserved): boolean {
  if (blueprint.sealed === true) return false;
  return blueprint.egress === 'open' || observed.resolvers.length > 0 || blueprint.allow.some((allowed) => allowed.address !== 'host');
}

/** Throws BulkheadError `apply` for a link of our name that does not lead into our namespace. */
export function refuseForeignLink(blueprint: Blueprint, observed: OsUserObserved): void {
  const { link } = userOf(blueprint);
  if (observed.link === null) return;
  const ours =
    observed.link.kind === 'veth' &&
    observed.inside !== null &&
    observed.inside.eth0?.peer === observed.link.index &&
    observed.link.peer === observed.inside.eth0.index;
  if (!ours)
    throw foreign(
      blueprint,
      `network link ${link} exists and does not lead into this tenant's namespace`,
      `look at it with: ip -d link show ${link}`,
    );
}

/** Namespace, link and addresses; the link is not up yet. */
export function convergeLink(blueprint: Blueprint, observed: OsUserObserved): readonly Command[] {
  const { namespace, link } = userOf(blueprint);
  const { host, inside } = addressesOf(observed);
  const commands: Command[] = [];
  const add = (title: string, ...argv: readonly [string, ...string[]]): number => commands.push({ title, argv });
  if (observed.namespace === 'broken') add(`delete the unfinished network namespace ${namespace}`, 'ip', 'netns', 'delete', namespace);
  if (observed.namespace !== 'there') add(`create network namespace ${namespace}`, 'ip', 'netns', 'add', namespace);
  // A link-local address on the link would reach every [::] listener of the host.
  if (observed.ipv6 && observed.inside?.ipv6Disabled !== '1') {
    commands.push({
      title: `switch IPv6 off in ${namespace}`,
      argv: ['nsenter', `--net=/run/netns/${namespace}`, 'tee', '/proc/sys/net/ipv6/conf/default/disable_ipv6'],
      stdin: '1\n',
    });
  }
  if (observed.link === null) add(`create link ${link}`, 'ip', 'link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace);
  for (const [name, value] of Object.entries(wantedSysctls(blueprint, observed))) {
    if (observed.link !== null && observed.sysctl[name] === value) continue;
    const [family, key] = name.split('/');
    commands.push({ title: `set ${name} = ${value} on ${link}`, argv: ['tee', `/proc/sys/net/${family}/conf/${link}/${key}`], stdin: `${value}\n` });
  }
  if (!hasOnly(observed.link?.addresses, `${host}/30`)) {
    add(`clear the addresses of ${link}`, 'ip', '-4', 'addr', 'flush', 'dev', link);
    add(`give ${link} its address`, 'ip', 'addr', 'replace', `${host}/30`, 'dev', link);
  }
  if (!hasOnly(observed.inside?.eth0?.addresses, `${inside}/30`)) {
    add(`clear the addresses in ${namespace}`, 'ip', '-n', namespace, '-4', 'addr', 'flush', 'dev', 'eth0');
    add(`give ${namespace} its address`, 'ip', '-n', namespace, 'addr', 'replace', `${inside}/30`, 'dev', 'eth0');
  }
  return commands;
}

/** Brings the link up; only after the firewall is loaded. */
export function convergeLinkUp(blueprint: Blueprint, observed: OsUserObserved): readonly Command[] {
  const { namespace, link } = userOf(blueprint);
  const { host } = addressesOf(observed);
  const commands: Command[] = [];
  const add = (title: string, ...argv: readonly [string, ...string[]]): number => commands.push({ title, argv });
  if (observed.link?.up !== true) add(`bring ${link} up`, 'ip', 'link', 'set', link, 'up');
  if (observed.inside?.loopbackUp !== true) add(`bring up the loopback of ${namespace}`, 'ip', '-n', namespace, 'link', 'set', 'lo', 'up');
  if (observed.inside?.eth0?.up !== true) add(`bring up eth0 of ${namespace}`, 'ip', '-n', namespace, 'link', 'set', 'eth0', 'up');
  // Without a way out every address beyond the host is refused at once: what the link does not forward would be dropped in silence.
  const isOut = needsUplink(blueprint, observed);
  if (isOut && observed.inside?.gateway !== host)
    add(`route ${namespace} through its link`, 'ip', '-n', namespace, 'route', 'replace', 'default', 'via', host);
  if (!isOut && (observed.inside?.gateway ?? null) !== null)
    add(`leave ${namespace} no way out`, 'ip', '-n', namespace, 'route', 'delete', 'default');
  return commands;
}

function hasOnly(addresses: readonly string[] | undefined, wanted: string): boolean {
  return addresses !== undefined && addresses.length === 1 && addresses[0] === wanted;
}

export function removeLink(blueprint: Blueprint, observed: OsUserObserved): readonly Command[] {
  const { namespace, link } = userOf(blueprint);
  const commands: Command[] = [];
  if (observed.link !== null) commands.push({ title: `delete link ${link}`, argv: ['ip', 'link', 'delete', link] });
  if (observed.namespace !== 'missing') commands.push({ title: `delete network namespace ${namespace}`, argv: ['ip', 'netns', 'delete', namespace] });
  return commands;
}
