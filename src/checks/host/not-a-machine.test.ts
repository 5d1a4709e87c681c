import { cases } from '../testing/cases.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { withHost } from '../testing/clean-os-facts.ts';
import { onTwoMachines } from '../testing/two-machines.ts';

cases('host.not-a-machine', {
  ok: {
    machines: onTwoMachines(),
    'a container in which nobody is to be alone': withHost(observedFacts(), { machine: { container: 'docker' } }),
  },
  ng: { 'a container': onTwoMachines({ 'edge-2': { machine: { container: 'systemd-nspawn' } } }) },
});
