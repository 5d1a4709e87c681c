/** A-R1: whether a limit on memory stands between the attacker and what all need. */
import { defineProbe } from '../define.ts';
import { exhaustion } from '../exhaustion.ts';

export const probe = defineProbe({
  ...exhaustion('memory'),
  id: 'exhaust.memory',
  attack: 'A-R1',
  title: 'One tenant can use up the memory of the host',
  does: 'As the attacker’s OS user outside its namespaces, looks for a limit on memory that its gateway does not share with the victim, and asks the kernel whether it may change it, leave its control group, or change or join the victim’s.',
});
