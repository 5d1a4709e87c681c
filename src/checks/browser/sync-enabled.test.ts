import { known } from '../../core/facts.ts';
import { acmeWith } from '../testing/network-facts.ts';
import { cases } from '../testing/cases.ts';

const profile = (sync: boolean, passwords: boolean) =>
  acmeWith({
    browserProfiles: known(
      [{ directory: { role: 'browser', declared: '/b', real: '/b', exists: true }, accounts: [], sync, passwords, cookieHosts: [] }],
      'test',
    ),
  });

cases('browser.sync-enabled', {
  ok: { neither: profile(false, false) },
  ng: { sync: profile(true, false), 'the password manager': profile(false, true) },
});
