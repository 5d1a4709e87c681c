import { cases } from '../testing/cases.ts';
import { onTwoMachines } from '../testing/two-machines.ts';

cases('host.same-machine', {
  ok: { 'two kernels': onTwoMachines() },
  ng: {
    'one kernel under two names': onTwoMachines({ 'edge-2': { bootId: 'boot-1' } }),
    'one kernel, two containers': onTwoMachines({ 'edge-1': { machine: { container: 'docker' } }, 'edge-2': { bootId: 'boot-1' } }),
  },
});
