/** A gateway makes files that others may read. */
import { defineCheck } from '../../core/check.ts';

export const check = defineCheck({
  id: 'fs.umask',
  title: 'A gateway makes files that others may read',
  why: 'OpenClaw writes tokens and transcripts; without umask 077 some of them are born readable.',
  fix: 'Run: bulkhead apply, which starts it with umask 077. In a unit of your own: UMask=0077.',
  how: 'The umask of the running gateway leaves a permission to group or others.',
  source: 'proc_pid_status(5) Umask; openclaw 2026.9.6: directories such as plugin-skills are made 0755 less the umask (measured)',
  severity: { team: 'info', clients: 'warn', adversarial: 'high' },
  needs: ['process'],
  phases: ['observed'],
  item: 'permissions',
  silentOn: ({ process }) =>
    process.known && process.value?.kernel !== undefined
      ? 'it runs in gVisor, which tells nobody’s umask; who may read what it made is looked at by fs.perms-cross'
      : undefined,
  *judge(facts) {
    for (const { tenant, process } of facts.tenants) {
      const umask = process.known ? process.value?.umask : undefined;
      if (umask !== undefined && (Number.parseInt(umask, 8) & 0o077) !== 0o077)
        yield { tenants: [tenant], message: `the gateway of ${tenant} has umask ${umask}`, evidence: [`umask ${umask}`] };
    }
  },
});
