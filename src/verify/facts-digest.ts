/** Tells whether anything has changed that the attacks and audits of a fleet depend on. */
import { createHash } from 'node:crypto';
import { known, type Facts, type HostFacts, type Known, type TenantFacts } from '../core/facts.ts';
import type { SocketFact } from '../core/network-facts.ts';
import { PROBES } from '../probes/index.ts';

export interface DigestInput {
  /** Facts before any audit. */
  readonly facts: Facts;
  readonly manifestSha256: string;
  /** Of Bulkhead. */
  readonly version: string;
}

/**
 * SHA-256 (hex) of everything observed but what changes by itself. A fact that is added to the facts counts unless it is taken out here: what
 * is not known to be harmless makes the attacks run again.
 */
export function digestFacts({ facts, manifestSha256, version }: DigestInput): string {
  const { takenAt: _takenAt, hosts, tenants, ...rest } = facts;
  const depended = {
    version,
    probes: PROBES.map(({ id }) => id),
    manifestSha256,
    ...rest,
    hosts: hosts.map((host) => steadyHost(host, tenants)),
    tenants: tenants.map(steadyTenant),
  };
  return createHash('sha256').update(JSON.stringify(depended, ordinals())).digest('hex');
}

/**
 * Which process holds a socket changes with every connection; whose it is does not. A port that the kernel chose for somebody who is no tenant
 * comes and goes, and nothing is attacked there.
 */
function steadyHost(host: HostFacts, tenants: readonly TenantFacts[]): unknown {
  const own = new Set(tenants.flatMap(({ user }) => (user.known ? [user.value.uid] : [])));
  const range = host.portRange.known ? host.portRange.value : undefined;
  const isPassing = ({ port, uid }: SocketFact): boolean => range !== undefined && port >= range.first && port <= range.last && !own.has(uid);
  const sockets = mapped(host.sockets, (all) => unordered(all.filter((one) => !isPassing(one)).map(({ pids: _pids, ...socket }) => socket)));
  // Whose gateways there are counts, not which process each is since its last start.
  const machine = mapped(host.machine, ({ gateways, ...rest }) => ({ ...rest, gateways: unordered(gateways.map(({ uid }) => uid)) }));
  return { ...host, machine, sockets };
}

function steadyTenant(tenant: TenantFacts): unknown {
  // What agents and people write in their daily work, and what audits and pages say, decides no attack. Which tools a gateway tells depends on the
  // session that is the newest; what a changed policy brings shows in the config.
  const { effective: _effective, audit: _audit, auditRun: _auditRun, documents: _documents, prompts: _prompts, ...rest } = tenant;
  return {
    ...rest,
    claim: mapped(tenant.claim, ({ latencyMs: _latencyMs, ...claim }) => claim),
    listener: mapped(tenant.listener, (listener) =>
      listener === null ? null : { ...listener, holders: unordered(listener.holders.map(({ pid: _pid, ...holder }) => holder)) },
    ),
    // SQLite makes these two anew whenever the last reader leaves.
    stores: mapped(tenant.stores, ({ databases, marks }) => ({ marks, databases: databases.filter(({ path }) => !/-(?:wal|shm)$/.test(path)) })),
    // A browser that runs shows in the sockets of its namespace.
    browserProfiles: mapped(tenant.browserProfiles, (profiles) => profiles.map(({ directory }) => directory)),
  };
}

function mapped<T>(fact: Known<T>, change: (value: T) => unknown): Known<unknown> {
  return fact.known ? known(change(fact.value), fact.source) : fact;
}

/** The kernel lists them as it likes. */
function unordered(items: readonly unknown[]): readonly string[] {
  return [...new Set(items.map((item) => JSON.stringify(item)))].toSorted();
}

/**
 * Secrets are compared under a key that is drawn anew for each run. Which of them are equal is what counts: each stands as the number of its
 * first appearance.
 */
function ordinals(): (name: string, value: unknown) => unknown {
  const seen = new Map<string, number>();
  const ordinal = (digest: string): string => {
    const number = seen.get(digest) ?? seen.size;
    seen.set(digest, number);
    return `secret ${number}`;
  };
  return (name, value) => {
    if (typeof value !== 'string') return value;
    if (name === 'digest' || (name === 'reference' && value.startsWith('digest:'))) return ordinal(value);
    // What a command is told may be a secret among other words.
    return name === 'target' ? value.replace(/[0-9a-f]{64}/g, ordinal) : value;
  };
}
