/** A token stands in a command line. */
import { defineCheck } from '../../core/check.ts';

export const check = defineCheck({
  id: 'token.in-argv',
  title: 'A token stands in a command line',
  why: 'Command lines can be read by every user of the host, and shells keep them.',
  fix: 'Hand it over in a file of mode 0600 or by a SecretRef, and make a new one.',
  how: 'Each word of every command line of the host and of the shell histories in the home is compared by digest with the secrets of its tenants.',
  source: 'proc(5) (/proc/pid/cmdline)',
  severity: { team: 'info', clients: 'high', adversarial: 'critical' },
  needs: ['exposed'],
  phases: ['observed'],
  item: 'gateway-token',
  *judge(facts) {
    for (const { tenant, exposed } of facts.tenants) {
      if (!exposed.known || exposed.value.length === 0) continue;
      const roles = [...new Set(exposed.value.map(({ role }) => role))].join(', ');
      yield {
        tenants: [tenant],
        message: `${roles} of ${tenant} can be read in a command line`,
        evidence: exposed.value.map(({ where }) => where).slice(0, 20),
      };
    }
  },
});
