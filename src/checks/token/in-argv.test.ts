import { cases } from '../testing/cases.ts';
import { known } from '../../core/facts.ts';
import { atAcme } from '../testing/secret-facts.ts';

cases('token.in-argv', {
  ok: {},
  ng: { 'a process shows it': atAcme(() => ({ exposed: known([{ role: 'gateway-token', where: 'process 7 of uid 1001' }], 'test') })) },
});
