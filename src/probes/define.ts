/** What a probe is: an attack as data, with the two controls that show it could have gone either way. */
import type { AttemptOutcome, Target } from '../core/probe.ts';
import type { HostId, Severity, Trust } from '../core/words.ts';
import type { Action, Attempted } from './actions.ts';

/** One tenant as a probe sees it: where its things are and what was planted among them. */
export interface Side extends Target {
  readonly rung: string;
  /** The host that it is on, and the addresses under which other machines reach that. */
  readonly on: HostId;
  readonly addresses: readonly string[];
  /** Where the Bulkhead that built it keeps things. */
  readonly host: { readonly stateDir: string; readonly runDir: string };
  /** Name of its service, without an ending. */
  readonly service: string;
  /** The programs that its gateway is: Node and OpenClaw. */
  readonly code: readonly string[];
  /** Where its archives go, as declared: a path, or an address. */
  readonly backup?: string;
  /** Key of the shared memory that it filled with its nonce. */
  readonly memoryKey: number;
  readonly root: string;
  readonly credentials: string;
  readonly logDir: string;
  readonly configDir: string;
  readonly secretsDir: string;
  /** How much its manifest lets it keep; absent: as much as it likes. */
  readonly diskBytes?: number;
  /** Namespace name → inode of its gateway process. */
  readonly namespaces: Readonly<Record<string, string>>;
  /** The host's end of its link, and the ports there that it may use, where its rung has a link. */
  readonly link?: { readonly host: string; readonly allowed: readonly number[] };
  /** What the canaries, the decoy browser and the squats of this tenant answer. */
  readonly nonce: string;
  /** Canaries of mode 0600 in directories that programs of every user write to, surface → path. */
  readonly shared: Readonly<Record<string, string>>;
  /** Abstract Unix socket on which it answers with its nonce; begins with NUL. */
  readonly socket: string;
  /** The readable file, process, socket and listener it exposes to itself. `pid`: as the tenant itself sees the process. */
  readonly decoy: {
    readonly directory: string;
    readonly socket: string;
    readonly stateDir: string;
    readonly port: number;
    readonly nonce: string;
    readonly pid?: number;
  };
  /** Port of its decoy browser on its own loopback; absent when none could be opened. */
  readonly browserPort?: number;
  /** Its managed browser, while one runs: a random name that nothing else answers with. */
  readonly browser?: { readonly port: number; readonly name: string };
  /** Key of a session in its own gateway whose only message is `spoken(nonce)`, of attempts/session.ts. */
  readonly session?: string;
  /** Victim → port of that victim's block on which this tenant listens. */
  readonly squattedPorts: Readonly<Record<string, number>>;
  /** Directories it made in /tmp. */
  readonly squattedTmp?: string;
  readonly squattedHome?: string;
  /** Its tools run in OpenClaw's sandboxes. */
  readonly sandboxed: boolean;
  /** A browser that OpenClaw starts for its agents. */
  readonly hasBrowser: boolean;
  /** Kinds of its channels, e.g. `telegram`. */
  readonly channels: readonly string[];
  /** Its model is the scripted one, so that a turn does what the message says. */
  readonly scripted: boolean;
  readonly hasToken: boolean;
}

/** One action with what it would give if the boundary were open. Without `nonce`, success in itself is the breach. */
export interface Step {
  readonly label: string;
  readonly action: Action;
  readonly nonce?: string;
}

/** Which namespaces two tenants do not share: a refusal may only be explained by one of them. */
export interface Apart {
  readonly net: boolean;
  readonly mnt: boolean;
  readonly pid: boolean;
  readonly ipc?: boolean;
}

export interface Probe {
  /** Permanent: documentation anchor and rule id. */
  readonly id: string;
  /** Number in the attack catalogue, e.g. `A-F1`. */
  readonly attack: string;
  readonly title: string;
  readonly does: string;
  readonly safe: string;
  /** How the decoy proves that this probe could have said `breached`. */
  readonly decoy: string;
  readonly fix: string;
  /** Refusals that count as containment; everything else is inconclusive. */
  readonly expected: readonly string[];
  readonly severity: Readonly<Record<Trust, Severity>>;
  /** Checklist row. */
  readonly item: string;
  /** `inside`: where the attacker's gateway runs; `user`: as its OS user alone, outside its namespaces. */
  readonly vantage: 'inside' | 'user';
  /** It also goes to tenants of other machines, through what their machine shows to the network. Without it: only what lies on one machine. */
  readonly acrossHosts?: true;
  /** Only across machines. */
  readonly onlyAcrossHosts?: true;
  /** Why this pair cannot be tried at all. */
  notApplicable?(attacker: Side, victim: Side): string | undefined;
  attempts(attacker: Side, victim: Side): readonly Step[];
  /** The same on oneself; run by the victim, unless `positiveBy` says that the attacker shows its own ability. */
  positive(self: Side): readonly Step[];
  readonly positiveBy?: 'attacker';
  /** The same on the attacker's own decoy: must be judged `breached`. */
  negative(attacker: Side): readonly Step[];
  /** Who performs the attack; `victim` where the attacker's part is held open and the victim looks for it. */
  readonly by?: 'victim';
  /** Probe that shows what the operating system alone keeps of the same: where that one gets through, this one is held by policy only. */
  readonly wall?: string;
  /** A second gateway without policy has not what it needs: it is not tried there, though it has a wall. */
  readonly liftable?: false;
  judge?(step: Step, attempted: Attempted, apart: Apart, probe: Probe): AttemptOutcome;
}

/** Tenants that trust each other may stand on one rung without a wall: the breach is told and does not fail. */
export const BY_TRUST: Probe['severity'] = { team: 'info', clients: 'critical', adversarial: 'critical' };

export const FILE_REFUSALS = ['EACCES', 'EPERM', 'ENOENT', 'ENOTDIR'] as const;
export const NETWORK_REFUSALS = ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'EACCES', 'EPERM'] as const;

/** Where its canary of a surface lies; a name that cannot exist where none was planted, so that its control fails and says so. */
export function canaryOf(side: Side, surface: 'state' | 'workspace'): string {
  return side.canaries[surface] ?? `${side[surface]}/canary-missing`;
}

/** A pid of the victim's counts only where another sees the same processes under the same numbers. */
export function sharedPid(attacker: Side, victim: Side, pid: number | undefined): { readonly pid?: number } {
  const isSeen = attacker !== victim && attacker.namespaces['pid'] === victim.namespaces['pid'];
  return isSeen && pid !== undefined ? { pid } : {};
}

/** Steps that look for a name in /tmp. Where it could not be made, a name that cannot exist is asked for, and its control fails. */
export function seeName(made: string | undefined, missing: string): Step[] {
  const path = made ?? missing;
  return [{ label: `see ${path}`, action: { kind: 'see', path } }];
}

/** Why this pair is not tried; with itself, whether a tenant takes part at all. */
export function skipReason(probe: Probe, attacker: Side, victim: Side): string | undefined {
  if (attacker.on !== victim.on && probe.acrossHosts !== true)
    return `${victim.tenant} is on another machine (${victim.on}): this attack needs the same one; what reaches over the network is tried by gateway.reach and its like`;
  if (probe.onlyAcrossHosts === true && attacker !== victim && attacker.on === victim.on) return 'both are on one machine: see host.reach';
  return probe.notApplicable?.(attacker, victim);
}

/** Where a tenant of another machine might be reached: at whatever address that machine has. */
export function doorsOf({ addresses }: Side, ports: readonly number[]): { readonly host: string; readonly port: number }[] {
  return addresses.flatMap((host) => [...new Set(ports)].map((port) => ({ host, port })));
}

export function connectTo(host: string, port: number): Step {
  return { label: `connect to ${host} port ${port}`, action: { kind: 'connect', host, port } };
}

/** Both controls of attacks that only connect. */
export function connectToDecoy({ decoy }: Side): Step[] {
  return [connectTo('127.0.0.1', decoy.port)];
}

export function defineProbe<const P extends Probe>(probe: P): P {
  return probe;
}
