import { cases } from '../testing/cases.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { withHost } from '../testing/clean-os-facts.ts';
import { onTwoMachines } from '../testing/two-machines.ts';

const running = (...more: readonly { readonly pid: number; readonly uid: number; readonly pidNamespace?: string }[]) =>
  onTwoMachines({ 'edge-1': { machine: { gateways: [{ pid: 100, uid: 1001 }, ...more] } } });

cases('host.other-gateways', {
  ok: {
    'its own alone': onTwoMachines(),
    'a second one within its boundary': running({ pid: 120, uid: 1001, pidNamespace: '13' }),
    'others where nobody is to be alone': withHost(observedFacts(), { machine: { gateways: [{ pid: 7, uid: 0 }] } }),
  },
  ng: {
    'one of another user': running({ pid: 900, uid: 0, pidNamespace: '3' }),
    'one whose namespaces nobody may see': running({ pid: 900, uid: 0 }),
  },
});
