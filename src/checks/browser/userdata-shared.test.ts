import { known, type TenantFacts } from '../../core/facts.ts';
import type { BrowserProfileFact } from '../../core/network-facts.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { cases } from '../testing/cases.ts';

const profile = (real: string, identity: string, lock?: string): BrowserProfileFact => ({
  directory: { role: 'browser', declared: real, real, exists: true, identity },
  ...(lock === undefined ? {} : { lock }),
  accounts: [],
  sync: false,
  passwords: false,
  cookieHosts: [],
});
const both = (acme: BrowserProfileFact, globex: BrowserProfileFact, pid?: string) =>
  observedFacts(
    {},
    Object.fromEntries(
      [['acme', acme] as const, ['globex', globex] as const].map(([name, one]) => [
        name,
        ({ process }: TenantFacts) => ({
          browserProfiles: known([one], 'test'),
          ...(pid === undefined || !process.known || process.value === null
            ? {}
            : { process: known({ ...process.value, namespaces: { ...process.value.namespaces, pid } }, 'test') }),
        }),
      ]),
    ),
  );

cases('browser.userdata-shared', {
  ok: {
    'a directory each': both(profile('/t/acme/b', '1:900'), profile('/t/globex/b', '1:901')),
    'one process number in two process namespaces': both(profile('/t/acme/b', '1:900', 'h-7'), profile('/t/globex/b', '1:901', 'h-7')),
  },
  ng: {
    'one directory by name': both(profile('/srv/chrome', '1:900'), profile('/srv/chrome', '1:901')),
    'one directory by inode': both(profile('/t/acme/b', '1:900'), profile('/t/globex/b', '1:900')),
    'one inside the other': both(profile('/srv/chrome/inner', '1:900'), profile('/srv/chrome', '1:901')),
    'one running browser': both(profile('/t/acme/b', '1:900', 'h-7'), profile('/t/globex/b', '1:901', 'h-7'), '9'),
  },
});
