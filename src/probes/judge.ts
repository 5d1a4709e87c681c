/** What an attempt means: pure, by the reason of the refusal and never by its absence. */
import type { AttemptOutcome, RanAs } from '../core/probe.ts';
import type { ProcessFact } from '../core/facts.ts';
import { namespacesInside } from '../core/own-kernel.ts';
import type { Apart, Probe, Step } from './define.ts';
import type { Action, Attempted } from './actions.ts';

/** `contained` only for an expected refusal that the kernel's state explains. A missing line is inconclusive. */
export function judgeAttempt(probe: Probe, step: Step, attempted: Attempted | undefined, apart: Apart): AttemptOutcome {
  if (attempted === undefined) return { outcome: 'inconclusive', detail: `${step.label}: no answer` };
  const told = attempted.ok && attempted.agents !== undefined ? { ...step, label: `${step.label} (as ${attempted.agents.join(', ')})` } : step;
  if (probe.judge !== undefined) return probe.judge(told, attempted, apart, probe);
  return judgeByReason(told, attempted, apart, probe);
}

export function judgeByReason(step: Step, attempted: Attempted, apart: Apart, probe: Probe): AttemptOutcome {
  if (attempted.ok) return judgeSuccess(step, attempted.got, apart);
  const codes = attempted.code.split(',');
  const odd = codes.find((code) => !probe.expected.includes(code) || !explained(code, step.action, apart));
  if (odd === undefined) return { outcome: 'contained', refusal: `${step.label}: ${attempted.code}` };
  return { outcome: 'inconclusive', detail: `${step.label}: ${odd}, which does not show that anything was refused` };
}

/**
 * For what is the host's and not the victim's, an engine or a log: there is one or there is none, for everybody who sees the same file system.
 * Where it is not, nothing of the victim can be had from it.
 */
export function judgeHostThing(step: Step, attempted: Attempted, apart: Apart, probe: Probe): AttemptOutcome {
  return judgeByReason(step, attempted, { ...apart, mnt: true }, probe);
}

function judgeSuccess(step: Step, got: string, apart: Apart): AttemptOutcome {
  if (step.nonce !== undefined && got.includes(step.nonce)) return { outcome: 'breached', detail: `${step.label}: obtained the canary` };
  // A loopback of one's own: what answers there is not the victim.
  if (isLoopback(step.action) && apart.net)
    return { outcome: 'contained', refusal: `${step.label}: only the attacker's own listener answers on its own loopback` };
  if (step.nonce === undefined) return { outcome: 'breached', detail: `${step.label}: ${got.slice(0, 160)}` };
  return { outcome: 'inconclusive', detail: `${step.label}: answered, but not with the canary` };
}

const ON_PROCESSES: ReadonlySet<Action['kind']> = new Set(['processes', 'signal', 'inspect', 'trace', 'cmdline']);

/** "Not there" is a refusal only where attacker and victim do not see the same file systems, processes or abstract sockets. */
function explained(code: string, action: Action, apart: Apart): boolean {
  if (ON_PROCESSES.has(action.kind)) return code !== 'ABSENT' && code !== 'ENOENT' ? true : apart.pid;
  if (action.kind === 'memory') return code === 'ENOENT' ? apart.ipc === true : true;
  if (action.kind === 'unix' && action.path.startsWith('\0')) return apart.net;
  if (code === 'ENOENT' || code === 'ENOTDIR') return apart.mnt;
  if (code === 'OWN-ENGINE') return apart.pid;
  return true;
}

function isLoopback(action: Action): boolean {
  return 'host' in action && (action.host.startsWith('127.') || action.host === '::1');
}

/** No namespace is shared by chance with oneself: for controls, nothing is explained away. */
export const TOGETHER: Apart = { net: false, mnt: false, pid: false };

/** Namespaces that are known on both sides and differ. */
export function apart(left: Readonly<Record<string, string>>, right: Readonly<Record<string, string>>): Apart {
  const differ = (name: string): boolean => left[name] !== undefined && right[name] !== undefined && left[name] !== right[name];
  return { net: differ('net'), mnt: differ('mnt'), pid: differ('pid'), ipc: differ('ipc') };
}

/** Why an attempt did not run where the tenant's gateway runs, or undefined when it did. */
export function notInside(ranAs: RanAs | undefined, gateway: ProcessFact, configPath: string): string | undefined {
  if (ranAs === undefined) return 'the probe did not say where it ran';
  if (ranAs.uid !== gateway.uid || ranAs.gid !== gateway.gid)
    return `it ran as ${ranAs.uid}:${ranAs.gid}, the gateway as ${gateway.uid}:${gateway.gid}`;
  if (groupsOf(ranAs.groups, ranAs.gid) !== groupsOf(gateway.groups, gateway.gid)) return 'its groups are not those of the gateway';
  const namespaces = namespacesInside(gateway);
  for (const name of ['net', 'mnt', 'pid']) {
    const theirs = namespaces[name];
    if (theirs === undefined || ranAs.namespaces[name] === undefined) return `the ${name} namespace could not be compared`;
    if (ranAs.namespaces[name] !== theirs) return `it ran in ${name} namespace ${ranAs.namespaces[name]}, the gateway in ${theirs}`;
  }
  if (namespaces['ipc'] !== undefined && ranAs.namespaces['ipc'] !== namespaces['ipc']) return 'it ran in another ipc namespace than the gateway';
  if (ranAs.configPath !== configPath) return `OPENCLAW_CONFIG_PATH was ${ranAs.configPath === '' ? 'not set' : ranAs.configPath}`;
  return undefined;
}

function groupsOf(groups: readonly number[], gid: number): string {
  return [...new Set(groups)]
    .filter((group) => group !== gid)
    .toSorted((left, right) => left - right)
    .join(',');
}
