import { known } from '../../core/facts.ts';
import { wholeHost, observedFacts } from '../testing/clean-facts.ts';
import { onOneLoopback } from '../testing/network-facts.ts';
import { cases } from '../testing/cases.ts';

const listening = (namespace: string, port: number, address = '127.0.0.1') => ({
  hosts: [{ ...wholeHost(), sockets: known([{ namespace, address, port, uid: 1001, pids: [] }], 'test') }],
});

cases('browser.cdp-reachable', {
  ok: {
    'on a loopback of its own': observedFacts(listening('12', 18800)),
    'nothing listens there': onOneLoopback({}, listening('2', 22)),
  },
  ng: {
    'on a loopback with others': onOneLoopback({}, listening('2', 20131)),
    'a pinned port': onOneLoopback({ acme: { browser: { profiles: { x: { cdpPort: 9222 } } } } }, listening('2', 9222)),
    'beyond the loopback': observedFacts(listening('12', 18800, '0.0.0.0')),
  },
});
