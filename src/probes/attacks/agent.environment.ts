/** A-T13: whether a command of the attacker's agent inherits anything of the victim. */
import type { AttemptOutcome } from '../../core/probe.ts';
import type { Attempted } from '../actions.ts';
import { BY_TRUST, defineProbe, type Side, type Step } from '../define.ts';
import { isAbsent, judgeAnswers, nodeCommand, TOOL_ABSENT, turnOf, withoutScript } from '../turn.ts';

/** Prints names of variables, never a value. */
const PROGRAM = `const wanted = JSON.parse(process.argv[1]);
const names = Object.entries(process.env).filter(([, value]) => value.split(/[:=,; ]/).some((part) => wanted.some((path) => part === path || part.startsWith(path + "/"))));
console.log(names.length > 0 ? "NAMES " + names.map(([name]) => name).join(" ") : "NONE of " + Object.keys(process.env).length);`;

export const probe = defineProbe({
  id: 'agent.environment',
  attack: 'A-T13',
  title: "A steered agent finds another tenant's things in its environment",
  does: 'The scripted model tells the attacker’s agent to run a program that looks for the victim’s directories in the values of its own environment.',
  safe: 'Prints the names of variables, no value.',
  decoy:
    'The same program, told to look for a directory that was put into its environment, must name the variable; the attacker’s own state directory or workspace too.',
  fix: 'Start every gateway with an environment of its own: `bulkhead apply` gives each service only what its tenant needs.',
  expected: [],
  severity: BY_TRUST,
  item: 'state-directory',
  vantage: 'inside',
  notApplicable: withoutScript,
  attempts: (attacker, victim) => [look(attacker, [victim.state, victim.workspace, victim.configDir, victim.secretsDir])],
  // In a sandbox only the directory that it works in is left.
  positive: (self) => [look(self, [self.state, self.workspace])],
  positiveBy: 'attacker',
  negative: (self) => [look(self, [self.decoy.stateDir], `BULKHEAD_DECOY='${self.decoy.stateDir}' `)],
  judge,
});

function look(attacker: Side, paths: readonly string[], before = ''): Step {
  const command = `${before}${nodeCommand(PROGRAM, paths)}`;
  return { label: `agent looks for ${paths[0]} in its environment`, action: turnOf(attacker, [['exec', { command }]]) };
}

function judge(step: Step, attempted: Attempted): AttemptOutcome {
  const names = attempted.ok ? /^GOT NAMES (.+)$/m.exec(attempted.got)?.[1] : undefined;
  if (names !== undefined) return { outcome: 'breached', detail: `${step.label}: named by ${names.slice(0, 200)}` };
  return judgeAnswers(step, attempted, (answer) => {
    if (isAbsent(answer)) return TOOL_ABSENT;
    const looked = /^NONE of (\d+)/.exec(answer)?.[1];
    return looked === undefined ? undefined : `none of its ${looked} variables names it`;
  });
}
