import { known, type TenantFacts } from '../../core/facts.ts';
import { cases } from '../testing/cases.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { rootOwned } from '../testing/clean-os-facts.ts';

const archives =
  (directory: number, archive: number, uid = 0, gid = 0) =>
  (): Partial<TenantFacts> => ({
    archives: known(
      { way: [rootOwned('/', 0o755), rootOwned('/b', directory)], archives: [{ place: { path: '/b/x.tar.gz', uid, gid, mode: archive } }] },
      'test',
    ),
  });

cases('backup.readable', {
  ok: {
    'closed by its directory': observedFacts({}, { acme: archives(0o700, 0o644) }),
    'its own': observedFacts({}, { acme: archives(0o755, 0o600, 1001) }),
  },
  ng: {
    everybody: observedFacts({}, { acme: archives(0o755, 0o644) }),
    'a group of the neighbour': observedFacts({}, { acme: archives(0o755, 0o640, 0, 1002) }),
    'the neighbour owns it': observedFacts({}, { acme: archives(0o755, 0o600, 1002) }),
  },
});
