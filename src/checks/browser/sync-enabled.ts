/** A tenant's browser sends its data to an account, or keeps passwords. */
import { defineCheck } from '../../core/check.ts';

export const check = defineCheck({
  id: 'browser.sync-enabled',
  title: 'A tenant’s browser syncs, or keeps passwords',
  why: 'Sync carries history, tabs and passwords out of the boundary, and those of a person into it.',
  fix: 'Sign out of sync, and switch the password manager off in that profile.',
  how: 'Preferences of each browser profile: sync set up or asked for, password manager switched on.',
  source: 'Chromium components/sync/base/pref_names.h, components/password_manager (credentials_enable_service)',
  severity: { team: 'warn', clients: 'high', adversarial: 'high' },
  needs: ['browserProfiles'],
  phases: ['observed'],
  item: 'browser-profile',
  *judge(facts) {
    for (const { tenant, browserProfiles } of facts.tenants) {
      const evidence = (browserProfiles.known ? browserProfiles.value : []).flatMap(({ directory, sync, passwords }) => [
        ...(sync ? [`sync is on in ${directory.declared}`] : []),
        ...(passwords ? [`the password manager is on in ${directory.declared}`] : []),
      ]);
      if (evidence.length > 0) yield { tenants: [tenant], message: `the browser of ${tenant} syncs or keeps passwords`, evidence };
    }
  },
});
