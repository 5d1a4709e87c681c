/** File tools reach beyond the workspace. */
import { defineCheck } from '../../core/check.ts';
import { settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'policy.fs-not-workspace-only',
  title: 'File tools reach beyond the workspace',
  why: 'Without the limit, read opens every file that the OS user may open: configs, tokens and, on a shared user, other tenants.',
  fix: 'Set tools.fs.workspaceOnly to true.',
  how: 'A file tool is in reach and the limit is off for an agent.',
  source: 'openclaw 2026.9.6 docs/gateway/config-tools/tool-policy.md',
  severity: { team: 'info', clients: 'high', adversarial: 'high' },
  needs: ['settings'],
  phases: ['desired', 'observed'],
  item: 'tool-policy',
  *judge(facts) {
    for (const { tenant, settings } of settingsOf(facts)) {
      const { reach, workspaceOnly } = settings.tools;
      const tool = reach.read ?? reach.write;
      if (tool !== undefined && !workspaceOnly.value)
        yield {
          tenants: [tenant.tenant],
          message: `file tools of ${tenant.tenant} are not held to its workspace`,
          evidence: [workspaceOnly.from, tool],
        };
    }
  },
});
