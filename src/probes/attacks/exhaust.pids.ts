/** A-R2: whether a limit on number of processes stands between the attacker and what all need. */
import { defineProbe } from '../define.ts';
import { exhaustion } from '../exhaustion.ts';

export const probe = defineProbe({
  ...exhaustion('pids'),
  id: 'exhaust.pids',
  attack: 'A-R2',
  title: 'One tenant can use up the processes of the host',
  does: 'As the attacker’s OS user outside its namespaces, looks for a limit on number of processes that its gateway does not share with the victim, and asks the kernel whether it may change it, leave its control group, or change or join the victim’s.',
});
