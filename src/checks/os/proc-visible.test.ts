import { known, type TenantFacts } from '../../core/facts.ts';
import { cases } from '../testing/cases.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { partly } from '../testing/clean-os-facts.ts';

const onHost = ({ process, surroundings }: TenantFacts, hidepid: string, uid?: number): Partial<TenantFacts> => {
  if (!process.known || process.value === null || !surroundings.known || surroundings.value === null) return {};
  const namespaces = { ...process.value.namespaces, pid: '3' };
  return {
    process: known({ ...process.value, namespaces, uid: uid ?? process.value.uid }, 'test'),
    surroundings: known({ ...surroundings.value, hidepid, procGid: 77 }, 'test'),
  };
};
const both =
  (hidepid: string, uid?: number) =>
  (tenant: TenantFacts): Partial<TenantFacts> =>
    onHost(tenant, hidepid, uid);

cases('os.proc-visible', {
  ok: {
    'hidepid hides them': observedFacts({}, { acme: both('2'), globex: both('4') }),
    'an exempt group without them': observedFacts({}, { acme: partly('surroundings', { procGid: 77 }) }),
  },
  ng: {
    'no hidepid': observedFacts({}, { acme: both('0'), globex: both('0') }),
    'hidepid=1': observedFacts({}, { acme: both('1'), globex: both('2') }),
    'one user, whatever hidepid says': observedFacts({}, { acme: both('2', 1001), globex: both('2', 1001) }),
    'the exempt group': observedFacts(
      {},
      {
        acme: (tenant) => {
          const { process, ...rest } = onHost(tenant, '2');
          return process?.known === true && process.value !== null ? { ...rest, process: known({ ...process.value, groups: [77] }, 'test') } : {};
        },
        globex: both('2'),
      },
    ),
  },
});
