/** A tenant without a process becomes `unknown` by the need alone; there is nothing else to judge. */
import { defineCheck } from '../../core/check.ts';

export const check = defineCheck({
  id: 'gateway.not-running',
  title: 'The gateway of a tenant is not running',
  why: 'Nothing live can be said about a gateway that does not run.',
  fix: 'Run: bulkhead apply, then: bulkhead status.',
  how: 'No process runs as the tenant’s user in its place; then nothing that needs one can be judged.',
  source: 'proc(5); openclaw 2026.9.6 docs/gateway/gateway-lock.md (one gateway process per state)',
  severity: { team: 'info', clients: 'info', adversarial: 'info' },
  needs: ['process'],
  phases: ['observed'],
  item: 'gateway',
  judge: () => [],
});
