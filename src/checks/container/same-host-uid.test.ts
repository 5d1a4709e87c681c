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

/** With ids of its own user namespace, or that its account may become. */
const holding =
  (userIds: readonly [number, number], subordinate: readonly [number, number] = userIds) =>
  (tenant: TenantFacts): Partial<TenantFacts> => {
    const { process, account } = tenant;
    const [first, count] = subordinate;
    const range = { kind: 'users', first, count, where: '/etc/subuid:1' } as const;
    return {
      ...inContainer({})(tenant),
      ...(process.known && process.value !== null
        ? { process: known({ ...process.value, userIds: [{ first: userIds[0], count: userIds[1] }] }, 'test') }
        : {}),
      ...(account.known ? { account: known({ ...account.value, subordinate: [range] }, 'test') } : {}),
    };
  };

cases('container.same-host-uid', {
  ok: {
    'user namespaces side by side': observedFacts({}, { acme: holding([200_000, 65_536]), globex: holding([265_536, 65_536]) }),
    'mapped apart': observedFacts({}, { acme: inContainer({}), globex: inContainer({}) }),
    'only one in a container': observedFacts({}, { acme: asNode }),
  },
  ng: {
    'one user': observedFacts({}, { acme: asNode, globex: asNode }),
    'user namespaces that meet': observedFacts({}, { acme: holding([200_000, 65_536]), globex: holding([265_535, 1]) }),
    'an account that may become another’s': observedFacts({}, { acme: holding([900_000, 1], [100_000, 800_000]), globex: holding([899_999, 1]) }),
    'one that may become the user of a tenant in no container': observedFacts({}, { acme: holding([900_000, 1], [1, 65_536]) }),
  },
});
