/** A plugin writes to OpenClaw’s default place in a home directory, and that is not the tenant’s own. */
import { defineCheck } from '../../core/check.ts';
import { sharedPaths } from '../join.ts';

export const check = defineCheck({
  id: 'plugin.hardcoded-home',
  title: 'A plugin works in a home directory that is not the tenant’s own',
  why: 'It passes by the state directory: what it keeps for one tenant, the other reads.',
  fix: 'Give the tenant a HOME of its own, and replace a plugin that names the home of a user.',
  how: 'Text of installed plugins that names OpenClaw’s default directory: below ~ it is reported when the HOME is another tenant’s too, below one user’s home always. Plugins may build the name in pieces: such are not found.',
  source: 'openclaw 2026.9.6 docs/help/environment.md (OPENCLAW_HOME); seen in published plugins',
  severity: { team: 'warn', clients: 'high', adversarial: 'high' },
  needs: ['homePathUses', 'paths'],
  phases: ['observed'],
  item: 'code',
  *judge(facts) {
    const together = new Set(sharedPaths(facts, 'home').flatMap(({ tenants }) => tenants));
    for (const { tenant, homePathUses } of facts.tenants) {
      const found = (homePathUses.known ? homePathUses.value : []).filter(({ kind }) => kind === 'absolute' || together.has(tenant));
      if (found.length > 0)
        yield {
          tenants: [tenant],
          message: `a plugin of ${tenant} names a home directory`,
          evidence: found.map(({ file, kind }) => `${file} (${kind})`),
        };
    }
  },
});
