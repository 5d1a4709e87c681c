import { known } from '../../core/facts.ts';
import type { TenantFacts } from '../../core/facts.ts';
import { cases } from '../testing/cases.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { inContainer } from '../testing/clean-os-facts.ts';

const asNode = (tenant: TenantFacts): Partial<TenantFacts> => {
  const { process } = tenant;
  return {
    ...inContainer({})(tenant),
    ...(process.known && process.value !== null ? { process: known({ ...process.value, uid: 1000 }, 'test') } : {}),
  };
};

cases('container.same-host-uid', {
  ok: {
    'mapped apart': observedFacts({}, { acme: inContainer({}), globex: inContainer({}) }),
    'only one in a container': observedFacts({}, { acme: asNode }),
  },
  ng: { 'one user': observedFacts({}, { acme: asNode, globex: asNode }) },
});
