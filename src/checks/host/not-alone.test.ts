import { cases } from '../testing/cases.ts';
import { onOneMachine, onTwoMachines } from '../testing/two-machines.ts';

cases('host.not-alone', {
  ok: { 'each on a machine of its own': onTwoMachines(), 'two on one machine, of whom none is to be alone': onOneMachine(['os-user', 'os-user']) },
  ng: { 'one that is to be alone, and another': onOneMachine(['host', 'os-user']), 'two that are to be alone': onOneMachine(['host', 'host']) },
});
