import { known } from '../../core/facts.ts';
import { cases } from '../testing/cases.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { inContainer } from '../testing/clean-os-facts.ts';

cases('container.runtime-effective', {
  ok: {
    'the usual runtime': observedFacts({}, { acme: inContainer({ runtime: 'runc' }) }),
    'an engine that names none': observedFacts({}, { acme: inContainer({}) }),
  },
  ng: {
    'gVisor by name': observedFacts({}, { acme: inContainer({ runtime: 'runsc' }) }),
    'Kata by its name in containerd': observedFacts({}, { acme: inContainer({ runtime: 'io.containerd.kata.v2' }) }),
    'one of two': observedFacts(
      {},
      { acme: inContainer({ runtime: 'runsc' }), globex: (tenant) => ({ ...inContainer({})(tenant), process: known(null, 'test') }) },
    ),
  },
});
