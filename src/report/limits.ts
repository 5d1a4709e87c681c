/** What stays shared or open on each rung. Every limit has its own anchor in docs/limits.md. */
import type { Facts, TenantFacts } from '../core/facts.ts';
import type { Rung } from '../core/words.ts';
import { listOf } from './layout.ts';

export interface Limit {
  /** Anchor in docs/limits.md. */
  readonly id: string;
  readonly text: string;
}

const PROFILE: readonly Limit[] = [
  { id: 'profile-same-user', text: 'Same OS user as every other tenant on the profile rung: files, processes and secrets are apart by path only.' },
  {
    id: 'profile-loopback',
    text: 'Loopback is common: gateway ports, and browser debugging ports (which ask for no password), are in reach of each other.',
  },
  { id: 'profile-limits', text: 'Memory, processor and process count are not limited for each tenant.' },
];
const OS_USER: readonly Limit[] = [
  { id: 'kernel', text: 'One kernel: a hole in it opens every tenant of the machine.' },
  { id: 'egress-dns', text: 'Name lookups leave through the host’s resolver, and open egress reaches the public Internet; both can carry data out.' },
  { id: 'contention', text: 'Disk space, disk speed, clock and outgoing address are common to the machine.' },
];
const CONTAINER: readonly Limit[] = [
  { id: 'container-engine', text: 'One kernel and one container engine, which is root: a hole in either opens every tenant of the machine.' },
  ...OS_USER.filter(({ id }) => id !== 'kernel'),
];
const OWN_ENGINE: readonly Limit[] = [
  {
    id: 'container-own-engine',
    text: 'One kernel: a hole in it opens every tenant of the machine. What gets out of the container alone is its OS user, and reads what every user of the host may.',
  },
  ...OS_USER.filter(({ id }) => id !== 'kernel'),
];
const OWN_DOCKER: readonly Limit[] = [
  {
    id: 'container-own-docker',
    text: 'One kernel: a hole in it opens every tenant of the machine. The engine makes user namespaces, so that what gets out of the container has more of that kernel in reach.',
  },
  ...OS_USER.filter(({ id }) => id !== 'kernel'),
];
const SANDBOX: readonly Limit[] = [
  {
    id: 'container-sandbox',
    text: 'One kernel and one container engine, which is root. gVisor answers the container’s system calls; what gets out of it is a process of root’s with one capability left, and goes on to the kernel and the engine.',
  },
  ...OS_USER.filter(({ id }) => id !== 'kernel'),
];
const HOST: readonly Limit[] = [
  { id: 'host-provider', text: 'Whoever runs the hardware or the cloud account under this machine can reach it.' },
  { id: 'egress-dns', text: 'Name lookups leave through the host’s resolver, and open egress reaches the public Internet; both can carry data out.' },
];

const BY_RUNG: Readonly<Record<Rung, readonly Limit[]>> = {
  profile: [...PROFILE, ...OS_USER],
  'os-user': OS_USER,
  container: CONTAINER,
  host: HOST,
};

const ALWAYS: readonly Limit[] = [
  { id: 'shared-install', text: 'One read-only OpenClaw install serves every tenant of a host: an upgrade, or a fault in it, reaches all.' },
  { id: 'providers', text: 'Model and channel providers see what is sent to them; keys of one provider account meet there.' },
  { id: 'inside-gateway', text: 'Inside one Gateway, session keys, agents, scopes, model names and allowlists steer; they hold nobody off.' },
];

/** Everything that is not isolated for a tenant. Never empty. */
export function limitsOf(facts: Facts, tenant: TenantFacts): readonly Limit[] {
  const names = facts.hosts.find(({ host }) => host === tenant.host)?.admins.map(({ name }) => name) ?? [];
  const who = names.length === 0 ? 'nobody has been named' : listOf(names, 4);
  const admins = { id: 'host-admins', text: `Administrators of host ${tenant.host} (${who}) can read and change everything here.` };
  // While it is not seen which engine it is, the one that leaves more open.
  const container = tenant.rung === 'container' && tenant.container.known ? tenant.container.value : null;
  const own = container?.ownEngine === true ? (container.engine === 'docker' ? OWN_DOCKER : OWN_ENGINE) : undefined;
  const sandbox = container !== null && tenant.process.known && tenant.process.value?.kernel !== undefined ? SANDBOX : undefined;
  return [...(own ?? sandbox ?? BY_RUNG[tenant.rung]), admins, ...ALWAYS];
}

/** Every limit there is, for the documents. */
export function allLimitIds(): readonly string[] {
  return [...new Set([...Object.values(BY_RUNG).flat(), ...OWN_ENGINE, ...OWN_DOCKER, ...SANDBOX, ...ALWAYS].map(({ id }) => id)), 'host-admins'];
}

/** What no run of Bulkhead tries, so that silence about it is not read as success. */
export const NEVER_TRIED: readonly string[] = [
  'holes in the kernel, in the processor and in OpenClaw itself',
  'attacks by administrators of the host',
  'what model and channel providers do with what they get',
  'exhausting the machine',
];
