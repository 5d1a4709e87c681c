import type { ContainerFact } from '../../core/container-facts.ts';
import { cases } from '../testing/cases.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { inContainer } from '../testing/clean-os-facts.ts';

const rootedIn = (change: Partial<NonNullable<ContainerFact['root']>>): Partial<ContainerFact> => {
  const root = { path: `/var/lib/bulkhead/container-roots/${'a'.repeat(64)}`, uid: 0, mode: 0o755, ...change };
  return { image: root.path, root };
};

cases('container.image-mutable', {
  ok: {
    'by digest': observedFacts({}, { acme: inContainer({ image: `ghcr.io/x/openclaw:2026.9.6@sha256:${'a'.repeat(64)}` }) }),
    'by the id of the image': observedFacts({}, { acme: inContainer({ image: `sha256:${'a'.repeat(64)}` }) }),
    'a directory of root’s with the name of a digest': observedFacts({}, { acme: inContainer(rootedIn({})) }),
  },
  ng: {
    'a directory that is not root’s': observedFacts({}, { acme: inContainer(rootedIn({ uid: 12_001 })) }),
    'a directory that others may write to': observedFacts({}, { acme: inContainer(rootedIn({ mode: 0o775 })) }),
    'a directory with any name': observedFacts({}, { acme: inContainer(rootedIn({ path: '/srv/root' })) }),
    latest: observedFacts({}, { acme: inContainer({ image: 'openclaw:latest' }) }),
    'a tag with a version': observedFacts({}, { acme: inContainer({ image: 'openclaw:2026.9.6' }) }),
  },
});
