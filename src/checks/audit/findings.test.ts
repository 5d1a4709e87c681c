import { cases } from '../testing/cases.ts';
import { withAudit } from '../testing/clean-facts.ts';

const finding = (checkId: string, severity: string) => ({ findings: [{ checkId, severity, title: 't', detail: 'd' }] });
const TEAM = { trust: { default: 'team', relations: [] } } as const;

cases('audit.findings', {
  ok: {
    'a warning about something else': withAudit(finding('gateway.trusted_proxies_missing', 'warn')),
    'a warning about the boundary, in a team': withAudit(finding('fs.state_dir.perms', 'warn'), TEAM),
  },
  ng: {
    critical: withAudit(finding('x', 'critical')),
    'a severity nobody knows': withAudit(finding('x', 'fatal')),
    'a warning about the boundary': withAudit(finding('fs.state_dir.perms', 'warn')),
  },
});

cases('audit.warnings', {
  ok: { 'a note': withAudit(finding('x', 'info')), 'one that is grave': withAudit(finding('fs.state_dir.perms', 'warn')) },
  ng: { 'a warning': withAudit(finding('x', 'warn')), 'about the boundary, in a team': withAudit(finding('fs.state_dir.perms', 'warn'), TEAM) },
});
