import { cases } from '../testing/cases.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { partly } from '../testing/clean-os-facts.ts';

cases('tmp.dev-shm', {
  ok: { 'one of them on the host’s': observedFacts({}, { acme: partly('surroundings', { shm: '0:22:/' }) }) },
  ng: { both: observedFacts({}, { acme: partly('surroundings', { shm: '0:22:/' }), globex: partly('surroundings', { shm: '0:22:/' }) }) },
});
