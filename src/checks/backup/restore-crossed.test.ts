import { known, type TenantFacts } from '../../core/facts.ts';
import { cases } from '../testing/cases.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { rootOwned } from '../testing/clean-os-facts.ts';

const holding = (content?: string) => (): Partial<TenantFacts> => ({
  archives: known({ way: [], archives: [{ place: rootOwned('/b/acme/x.tar.gz', 0o600), ...(content === undefined ? {} : { content }) }] }, 'test'),
});

cases('backup.restore-crossed', {
  ok: {
    'its own': observedFacts({}, { acme: holding('/t/acme/state/openclaw.json') }),
    'nobody’s': observedFacts({}, { acme: holding('/home/x/.openclaw/openclaw.json') }),
    encrypted: observedFacts({}, { acme: holding() }),
  },
  ng: { 'of the neighbour': observedFacts({}, { acme: holding('/t/globex/state/openclaw.json') }) },
});
