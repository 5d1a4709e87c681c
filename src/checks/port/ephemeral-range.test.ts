import { known } from '../../core/facts.ts';
import { onHost } from '../testing/network-facts.ts';
import { cases } from '../testing/cases.ts';

const range = (first: number, last: number, reserved: readonly { first: number; last: number }[] = []) =>
  onHost({ portRange: known({ first, last, reserved }, 'test') });

cases('port.ephemeral-range', {
  ok: { 'spared ports': range(20000, 30000, [{ first: 20100, last: 20300 }]), 'only ports of a loopback of its own': range(18000, 19000) },
  ng: { 'a published port among them': range(20000, 30000), 'one of them is not spared': range(20000, 30000, [{ first: 20121, last: 20300 }]) },
});
