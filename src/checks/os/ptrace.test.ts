import { known, type TenantFacts } from '../../core/facts.ts';
import { cases } from '../testing/cases.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { withHost } from '../testing/clean-os-facts.ts';

const together = ({ process }: TenantFacts): Partial<TenantFacts> =>
  process.known && process.value !== null
    ? { process: known({ ...process.value, uid: 1001, namespaces: { ...process.value.namespaces, pid: '3' } }, 'test') }
    : {};
const facts = observedFacts({}, { acme: together, globex: together });

cases('os.ptrace', {
  ok: {
    'Yama forbids it': withHost(facts, { machine: { ptraceScope: '1' } }),
    'users of their own': withHost(observedFacts(), { machine: { ptraceScope: '0' } }),
  },
  ng: { 'scope 0': withHost(facts, { machine: { ptraceScope: '0' } }), 'no Yama': withHost(facts, { machine: { ptraceScope: 'absent' } }) },
});
