/** A-R4: whether a limit on processor time stands between the attacker and what all need. */
import { defineProbe } from '../define.ts';
import { exhaustion } from '../exhaustion.ts';

export const probe = defineProbe({
  ...exhaustion('cpu'),
  id: 'exhaust.cpu',
  attack: 'A-R4',
  title: 'One tenant can use up the processors of the host',
  does: 'As the attacker’s OS user outside its namespaces, looks for a limit on processor time that its gateway does not share with the victim, and asks the kernel whether it may change it, leave its control group, or change or join the victim’s.',
});
