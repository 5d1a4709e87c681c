/** A tenant's browser runs without its own sandbox. */
import { defineCheck } from '../../core/check.ts';
import { settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'browser.sandbox-off',
  title: 'A tenant’s browser runs without its sandbox',
  why: 'A page that breaks the renderer is at once a program of the tenant.',
  fix: 'Take browser.noSandbox, and --no-sandbox from browser.extraArgs, out of the config; the os-user rung runs Chromium with its sandbox.',
  how: 'The browser is on, and a setting or an argument switches its sandbox off.',
  source: 'openclaw 2026.9.6 `openclaw config schema` (browser.noSandbox, browser.extraArgs)',
  severity: { team: 'info', clients: 'warn', adversarial: 'high' },
  needs: ['settings'],
  phases: ['desired', 'observed'],
  item: 'browser-profile',
  *judge(facts) {
    for (const { tenant, settings } of settingsOf(facts)) {
      const { enabled, sandbox } = settings.browser;
      if (enabled.value && !sandbox.value)
        yield { tenants: [tenant.tenant], message: `the browser of ${tenant.tenant} has no sandbox`, evidence: [sandbox.from] };
    }
  },
});
