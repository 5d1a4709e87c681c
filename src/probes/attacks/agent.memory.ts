/** A-T10: the memory tool of the attacker's own agent, asked for a file of the victim's memory. */
import { relative } from 'node:path';
import type { AttemptOutcome } from '../../core/probe.ts';
import type { Attempted } from '../actions.ts';
import { BY_TRUST, defineProbe, type Side, type Step } from '../define.ts';
import { judgeTool, toolOf } from '../tool.ts';
import { BY_POLICY, withoutScript } from '../turn.ts';

export const probe = defineProbe({
  id: 'agent.memory',
  attack: 'A-T10',
  title: "An agent's memory tool shows another tenant's memory",
  does: 'Asks the attacker’s own gateway, with its memory tool, for a note in the victim’s memory: by its path, by `../`, and by its name, as if both shared one memory.',
  safe: 'The note is a canary that is taken away afterwards. It is read by name, so that no index is built and no provider asked; only tenants with the scripted model have one.',
  decoy: 'The same tool must show the note in the attacker’s own memory; where the tool does not exist, both must say so.',
  fix: 'Give every tenant a workspace of its own, and name no directory of another in `memory.search.extraPaths`.',
  expected: [],
  severity: BY_TRUST,
  item: 'workspace',
  vantage: 'inside',
  wall: 'files.read-state',
  notApplicable: (attacker, victim) =>
    withoutScript(attacker) ?? (victim.scripted ? undefined : `${victim.tenant} uses a real model: a note would be indexed at a price`),
  attempts: (attacker, victim) => {
    const path = noteOf(victim);
    const inMemory = path.slice(path.lastIndexOf('/memory/') + 1);
    return [path, relative(attacker.workspace, path), inMemory].map((name) => show(attacker, victim, name));
  },
  positive: (self) => [show(self, self, noteOf(self))],
  positiveBy: 'attacker',
  negative: (self) => [show(self, self, noteOf(self))],
  judge,
});

/** A name that cannot exist where none was planted, so that its control fails and says so. */
function noteOf({ canaries, workspace }: Side): string {
  return canaries['memory'] ?? `${workspace}/memory/canary-missing.md`;
}

function show(attacker: Side, { nonce }: Side, path: string): Step {
  return { label: `show the note ${path}`, action: toolOf(attacker, 'memory_get', { path }), nonce };
}

/** Its rules for paths hold whatever the policy is; what is not in the attacker's memory is not there for anybody. */
function judge(step: Step, attempted: Attempted): AttemptOutcome {
  const outcome = judgeTool(step, attempted, /MEMORY_PATH_NOT_ALLOWED|outside-workspace|\\"status\\": \\"not_found\\"/);
  const isRule = outcome.outcome === 'contained' && /NOT_ALLOWED|outside/.test(outcome.refusal);
  return isRule ? { outcome: 'contained', refusal: `${step.label}: ${BY_POLICY}: the tool refused the path` } : outcome;
}
