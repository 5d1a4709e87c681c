import { onOneLoopback, withConfigs } from '../testing/network-facts.ts';
import { cases } from '../testing/cases.ts';

const limit = (exemptLoopback?: boolean) => ({ gateway: { auth: { rateLimit: exemptLoopback === undefined ? {} : { exemptLoopback } } } });

cases('api.ratelimit-loopback', {
  ok: { 'loopbacks of their own': withConfigs({ acme: limit() }), 'the loopback too': onOneLoopback({ acme: limit(false), globex: limit(false) }) },
  ng: {
    'spared by default': onOneLoopback({ acme: limit(false), globex: limit() }),
    'no limit': onOneLoopback({ acme: { gateway: { auth: { rateLimit: null } } } }),
  },
});
