import { onOneLoopback } from '../testing/network-facts.ts';
import { cases } from '../testing/cases.ts';

const bases = (acme: number, globex: number) => onOneLoopback({ acme: { gateway: { port: acme } }, globex: { gateway: { port: globex } } });

cases('port.spacing-tight', {
  ok: { '120 apart': bases(20120, 20000), 'overlapping, which another check tells': bases(20110, 20000) },
  ng: { '111 apart': bases(20111, 20000), '119 apart': bases(20000, 20119) },
});
