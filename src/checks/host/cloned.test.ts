import { cases } from '../testing/cases.ts';
import { onTwoMachines } from '../testing/two-machines.ts';

cases('host.cloned', {
  ok: {
    'machines of their own': onTwoMachines(),
    'one machine under two names, which another check tells': onTwoMachines({
      'edge-2': { bootId: 'boot-1', machine: { machineId: '1'.repeat(32) } },
    }),
  },
  ng: {
    'one machine id': onTwoMachines({ 'edge-2': { machine: { machineId: '1'.repeat(32) } } }),
    'one SSH host key': onTwoMachines({ 'edge-2': { machine: { hostKeys: ['SHA256:other', 'SHA256:host-1'] } } }),
  },
});
