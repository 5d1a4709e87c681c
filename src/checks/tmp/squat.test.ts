import { cases } from '../testing/cases.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { partly } from '../testing/clean-os-facts.ts';

const names = (uid: number | null) => partly('surroundings', { tmp: '254:1:/tmp', takenNames: [{ path: '/tmp/openclaw-1001', uid }] });

cases('tmp.squat', {
  ok: {
    'its own names in the host’s /tmp': observedFacts({}, { acme: names(1001) }),
    'nobody’s names in a /tmp of its own': observedFacts(
      {},
      { acme: partly('surroundings', { takenNames: [{ path: '/tmp/openclaw-1001', uid: null }] }) },
    ),
  },
  ng: {
    'names of nobody': observedFacts({}, { acme: names(null) }),
    'names of the neighbour': observedFacts({}, { acme: names(1002) }),
    'a /tmp that is the neighbour’s': observedFacts(
      {},
      {
        acme: partly('surroundings', { tmp: '0:99:/', takenNames: [{ path: '/tmp/openclaw-1001', uid: null }] }),
        globex: partly('surroundings', { tmp: '0:99:/' }),
      },
    ),
  },
});
