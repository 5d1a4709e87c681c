/** A gateway makes files that others may read. */
import { defineCheck } from '../../core/check.ts';

export const check = defineCheck({
  id: 'os.umask',
  title: 'A gateway makes files that others may read',
  why: 'OpenClaw writes tokens and transcripts; without umask 077 some of them are born readable.',
  fix: 'Run: bulkhead apply, which starts it with umask 077.',
  severity: { team: 'info', clients: 'warn', adversarial: 'high' },
  needs: ['process'],
  phases: ['observed'],
  item: 'os-user',
  *judge(facts) {
    for (const { tenant, process } of facts.tenants) {
      const umask = process.known ? process.value?.umask : undefined;
      if (umask !== undefined && (Number.parseInt(umask, 8) & 0o077) !== 0o077)
        yield { tenants: [tenant], message: `the gateway of ${tenant} has umask ${umask}`, evidence: [`umask ${umask}`] };
    }
  },
});
