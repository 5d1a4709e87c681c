import { cases } from '../testing/cases.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { inContainer } from '../testing/clean-os-facts.ts';

const on = (...addresses: readonly string[]) =>
  observedFacts({}, { acme: inContainer({ published: addresses.map((address) => ({ address, port: '18789' })) }) });

cases('container.port-published', {
  ok: { 'on loopback': on('127.0.0.1', '::1'), 'not at all': on() },
  ng: {
    'on every address': on('0.0.0.0'),
    'on none that is named': on(''),
    'on an address of the network': on('127.0.0.1', '192.0.2.7'),
    'over IPv6': on('::'),
  },
});
