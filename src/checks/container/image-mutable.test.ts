import { cases } from '../testing/cases.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { inContainer } from '../testing/clean-os-facts.ts';

cases('container.image-mutable', {
  ok: {
    'by digest': observedFacts({}, { acme: inContainer({ image: `ghcr.io/x/openclaw:2026.9.6@sha256:${'a'.repeat(64)}` }) }),
    'by the id of the image': observedFacts({}, { acme: inContainer({ image: `sha256:${'a'.repeat(64)}` }) }),
  },
  ng: {
    latest: observedFacts({}, { acme: inContainer({ image: 'openclaw:latest' }) }),
    'a tag with a version': observedFacts({}, { acme: inContainer({ image: 'openclaw:2026.9.6' }) }),
  },
});
