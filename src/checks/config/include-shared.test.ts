import { known, type Facts, type TenantFacts } from '../../core/facts.ts';
import type { IncludeFact } from '../../core/place-facts.ts';
import { withFacts } from '../testing/clean-facts.ts';
import { cases } from '../testing/cases.ts';

const file = (change: Partial<IncludeFact> = {}): TenantFacts['includes'] =>
  known([{ declared: '/srv/common.json5', real: '/srv/common.json5', from: 'openclaw.json', holdsSecret: false, ...change }], 'test');
const both = (acme: Partial<IncludeFact>, globex: Partial<IncludeFact> = acme): Facts =>
  withFacts({ acme: { includes: file(acme) }, globex: { includes: file(globex) } });

cases('config.include-shared', {
  ok: {
    'a common file of root without secrets': both({ uid: 0, mode: 0o644 }),
    'files of their own': both({ real: '/t/acme/x' }, { real: '/t/globex/x' }),
  },
  ng: {
    'one path': both({ uid: 1001, mode: 0o600 }),
    'one file under two names': both({ real: '/t/acme/x', identity: '1:7' }, { real: '/t/globex/x', identity: '1:7' }),
    'a file of root that others may write': both({ uid: 0, mode: 0o666 }),
    'a file of root that holds a secret': both({ uid: 0, mode: 0o644, holdsSecret: true }),
    'a file nobody has looked at': both({}),
  },
});
