/** Pages of a tenant's browser may call private addresses. */
import { defineCheck } from '../../core/check.ts';
import { settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'browser.ssrf-private',
  title: 'A tenant’s browser may open private addresses',
  why: 'A steered agent opens services of the host, of other tenants on its loopback, and the metadata of the cloud.',
  fix: 'Take dangerouslyAllowPrivateNetwork, and private names from allowedHostnames, out of browser.ssrfPolicy.',
  how: 'The browser is on, and its policy allows private networks or names a private host.',
  source: 'openclaw 2026.9.6 `openclaw config schema` (browser.ssrfPolicy)',
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  needs: ['settings'],
  phases: ['desired', 'observed'],
  item: 'browser-profile',
  *judge(facts) {
    for (const { tenant, settings } of settingsOf(facts)) {
      const { enabled, privateNetwork } = settings.browser;
      if (enabled.value && privateNetwork.length > 0)
        yield {
          tenants: [tenant.tenant],
          message: `the browser of ${tenant.tenant} may open private addresses`,
          evidence: privateNetwork.map(({ value, from }) => `${from}: ${value}`),
        };
    }
  },
});
