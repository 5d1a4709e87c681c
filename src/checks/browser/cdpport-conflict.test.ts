import { onOneLoopback, withConfigs } from '../testing/network-facts.ts';
import { cases } from '../testing/cases.ts';

const pinned = (cdpPort: number) => ({ browser: { profiles: { openclaw: { cdpPort } } } });

cases('browser.cdpport-conflict', {
  ok: {
    'loopbacks of their own': withConfigs({ acme: pinned(18801), globex: pinned(18801) }),
    'each inside its own block': onOneLoopback({ acme: pinned(20131), globex: pinned(20251) }),
  },
  ng: {
    'one port': onOneLoopback({ acme: pinned(9222), globex: pinned(9222) }),
    'inside the block of another': onOneLoopback({ acme: pinned(20251) }),
  },
});
