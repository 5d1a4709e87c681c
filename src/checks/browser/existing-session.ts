/** A tenant drives a browser in which a person is signed in. */
import { defineCheck } from '../../core/check.ts';
import { settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'browser.existing-session',
  title: 'A tenant drives a browser in which a person is signed in',
  why: 'Its agent acts with every login of that person, on every site.',
  fix: 'Use managed profiles only: browser.defaultProfile openclaw, no driver existing-session or extension.',
  how: 'The browser is on, and a profile, or the default one, attaches to a running browser.',
  source: 'openclaw 2026.9.6 docs/tools/browser/existing-session.md (drivers, built-in profile user)',
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  needs: ['settings'],
  phases: ['desired', 'observed'],
  item: 'browser-profile',
  *judge(facts) {
    for (const { tenant, settings } of settingsOf(facts)) {
      const { enabled, signedIn } = settings.browser;
      if (enabled.value && signedIn.length > 0)
        yield {
          tenants: [tenant.tenant],
          message: `${tenant.tenant} attaches to a browser in which somebody is signed in`,
          evidence: signedIn.map(({ value, from }) => `${from}: ${value}`),
        };
    }
  },
});
