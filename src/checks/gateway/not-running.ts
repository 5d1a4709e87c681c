/** A tenant without a process becomes `unknown` by the need alone; there is nothing else to judge. */
import { defineCheck } from '../../core/check.ts';

export const check = defineCheck({
  id: 'gateway.not-running',
  title: 'The gateway of a tenant is not running',
  why: 'Nothing live can be said about a gateway that does not run.',
  fix: 'Run: bulkhead apply, then: bulkhead status.',
  severity: { team: 'info', clients: 'info', adversarial: 'info' },
  needs: ['process'],
  phases: ['observed'],
  item: 'gateway',
  judge: () => [],
});
