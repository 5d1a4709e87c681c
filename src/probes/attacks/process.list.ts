/** A-P1: which programs the victim runs, with which arguments. */
import { defineProbe, type Side, type Step } from '../define.ts';

export const probe = defineProbe({
  id: 'process.list',
  attack: 'A-P1',
  title: "One tenant sees another's processes and their arguments",
  does: 'Looks through the command line of every visible process for that of the victim’s decoy process.',
  safe: 'Command lines are searched for one word and forgotten.',
  decoy: 'The attacker looks for the decoy process of its own with the same code.',
  fix: 'Give every tenant its own process view (isolation os-user). Command lines of others are readable wherever processes are seen.',
  expected: ['ABSENT'],
  severity: { team: 'info', clients: 'warn', adversarial: 'high' },
  item: 'state-directory',
  vantage: 'inside',
  attempts: (_attacker, victim) => look(victim),
  positive: look,
  negative: look,
});

function look({ decoy, tenant }: Side): Step[] {
  return [{ label: `look for the decoy process of ${tenant}`, action: { kind: 'cmdline', marker: decoy.stateDir } }];
}
