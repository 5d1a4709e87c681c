import { cases } from '../testing/cases.ts';
import { withAudit } from '../testing/clean-facts.ts';

cases('audit.stale', {
  ok: { 'a week old': withAudit({ takenAt: '2026-11-17T00:00:00.000Z' }) },
  ng: { 'nine days old': withAudit({ takenAt: '2026-11-15T00:00:00.000Z' }), 'no time at all': withAudit({ takenAt: 'yesterday' }) },
});
