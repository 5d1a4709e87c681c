import { TENANTS, observedFacts } from '../testing/clean-facts.ts';
import { inContainer } from '../testing/clean-os-facts.ts';
import { cases } from '../testing/cases.ts';

const on = (...networks: readonly string[]) => inContainer({ networks });

cases('net.container-network-shared', {
  ok: { 'a bridge each': observedFacts({}, { acme: on('acme-net'), globex: on('globex-net') }) },
  ng: {
    'one bridge': observedFacts({}, Object.fromEntries(TENANTS.map((name) => [name, on('bridge')]))),
    'the network of the host': observedFacts({}, { acme: on('host') }),
    'the network of another container': observedFacts({}, { acme: on('container:abc') }),
  },
});
