/** A gateway takes variables from a login shell that it shares. */
import { defineCheck } from '../../core/check.ts';
import { sharedPaths, sharing } from '../join.ts';
import { settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'env.shell-import',
  title: 'A shared login shell fills the environment',
  why: 'What one tenant or an operator puts into the shell profile becomes a credential of each gateway that imports it.',
  fix: 'Set env.shellEnv.enabled to false and take OPENCLAW_LOAD_SHELL_ENV out of the environment.',
  how: 'The import is on, and the home whose profile is read is that of another tenant too.',
  source: 'openclaw 2026.9.6 docs/help/environment.md (Shell env import)',
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  needs: ['settings', 'paths'],
  phases: ['desired', 'observed'],
  item: 'secrets',
  *judge(facts) {
    const importing = new Map(
      [...settingsOf(facts)].flatMap(({ tenant, settings }) =>
        settings.shellImport.value ? [[tenant.tenant, settings.shellImport.from] as const] : [],
      ),
    );
    if (importing.size === 0) return;
    for (const { tenants, evidence } of sharedPaths(facts, 'home')) {
      const who = tenants.filter((tenant) => importing.has(tenant));
      if (who.length > 0)
        yield sharing(
          { tenants, evidence: [...evidence, ...who.map((tenant) => `${tenant}: ${importing.get(tenant) ?? ''}`)] },
          'a login shell whose variables are imported',
        );
    }
  },
});
