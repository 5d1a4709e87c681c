import { cases } from '../testing/cases.ts';
import { withAudit } from '../testing/clean-facts.ts';

cases('audit.suppressed', {
  ok: { 'other findings': withAudit({ findings: [{ checkId: 'x', severity: 'info', title: 't', detail: 'd' }] }) },
  ng: {
    'suppressed ones': withAudit({ suppressed: ['fs.state_dir.perms'] }),
    'the audit says so': withAudit({
      findings: [{ checkId: 'security.audit.suppressions.active', severity: 'info', title: 't', detail: '2 rules' }],
    }),
  },
});
