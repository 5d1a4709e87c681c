import { known, type TenantFacts } from '../../core/facts.ts';
import type { OwnedPlace } from '../../core/os-facts.ts';
import { cases } from '../testing/cases.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { partly, rootOwned } from '../testing/clean-os-facts.ts';

const install = (place: OwnedPlace) => (): Partial<TenantFacts> => ({ install: known([rootOwned('/opt/oc', 0o755), place], 'test') });
const both = (place: OwnedPlace) => observedFacts({}, { acme: install(place), globex: install(place) });
const place = rootOwned('/opt/oc/dist/x.mjs', 0o644);

cases('install.shared-writable', {
  ok: {
    'a directory of its own in its own PATH': observedFacts({}, { acme: install({ path: '/t/acme/bin', uid: 1001, gid: 1001, mode: 0o755 }) }),
    'a sticky directory above': both(rootOwned('/tmp', 0o1777)),
    'on the rung profile, what whoever runs Bulkhead owns': observedFacts(
      {},
      {
        acme: () => ({ rung: 'profile', ...install({ ...place, uid: 1001 })() }),
        globex: () => ({ rung: 'profile', ...install({ ...place, uid: 1001 })() }),
      },
    ),
  },
  ng: {
    'for everybody': both({ ...place, mode: 0o666 }),
    'by a tenant that owns it': both({ ...place, uid: 1001 }),
    'by a group of a tenant': observedFacts(
      {},
      {
        acme: (tenant) => ({
          ...install({ ...place, gid: 50, mode: 0o664 })(),
          ...partly('account', { groups: [{ name: 'staff', gid: 50 }] })(tenant),
        }),
        globex: install({ ...place, gid: 50, mode: 0o664 }),
      },
    ),
    'a directory of the neighbour in the PATH of one': observedFacts(
      {},
      { acme: install({ path: '/t/globex/bin', uid: 1002, gid: 1002, mode: 0o755 }) },
    ),
  },
});
