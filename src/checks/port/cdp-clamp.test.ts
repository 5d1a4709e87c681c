import { onOneLoopback } from '../testing/network-facts.ts';
import { cases } from '../testing/cases.ts';

cases('port.cdp-clamp', {
  ok: { 'the highest sound port': onOneLoopback({ acme: { gateway: { port: 65425 } } }) },
  ng: { 'one above': onOneLoopback({ acme: { gateway: { port: 65426 } } }) },
});
