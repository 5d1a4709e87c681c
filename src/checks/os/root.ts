/** A gateway runs as root. */
import { defineCheck } from '../../core/check.ts';

export const check = defineCheck({
  id: 'os.root',
  title: 'A gateway runs as root',
  why: 'Whoever steers its agent owns the machine and every other tenant.',
  fix: 'Use isolation os-user or higher, or run Bulkhead as an ordinary user.',
  how: 'The user that is declared, and the effective user of the running gateway as the host numbers it.',
  source: 'openclaw 2026.9.6 docs/gateway/security/index.md; credentials(7)',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['user'],
  phases: ['desired', 'observed'],
  item: 'os-user',
  *judge(facts) {
    for (const { tenant, user, process } of facts.tenants) {
      const running = process.known && process.value?.uid === 0;
      if (running || (user.known && user.value.uid === 0))
        yield { tenants: [tenant], message: `the gateway of ${tenant} runs as root`, evidence: ['uid 0'] };
    }
  },
});
