/** A backup of one tenant takes files of another along, or lands among them. */
import { defineCheck } from '../../core/check.ts';
import { crossing, crossings } from '../join.ts';

export const check = defineCheck({
  id: 'backup.captures-other',
  title: 'A backup of one tenant takes files of another along, or lands among them',
  why: 'Whoever may restore the one then has the other.',
  fix: 'Make the trees of tenants siblings, and put backups in neither.',
  how: 'For tenants with a declared backup: places of another tenant at or below what is backed up (config, state, workspace, agent, credentials, links followed), and the destination inside a place of another tenant.',
  source: 'openclaw 2026.9.6 docs/cli/backup.md (what an archive holds)',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['paths', 'backup'],
  phases: ['desired', 'observed'],
  item: 'backups',
  *judge(facts) {
    if (!facts.tenants.some(({ backup }) => backup.known && backup.value !== null)) return;
    const sources = new Set(['config', 'state', 'workspace', 'agent', 'credentials']);
    for (const found of crossings(facts, (path) => path.real)) {
      const { inner, outer } = found;
      const backedUp =
        outer.tenant.backup.known && outer.tenant.backup.value !== null && sources.has(outer.path.role) && inner.path.role !== 'backup';
      const lands = inner.path.role === 'backup' && outer.path.role !== 'backup';
      if (backedUp || lands) yield crossing(found, lands ? 'lands in' : 'is backed up with');
    }
  },
});
