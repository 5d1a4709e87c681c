import { withConfigs } from '../testing/network-facts.ts';
import { cases } from '../testing/cases.ts';

const trusted = (...trustedProxies: readonly string[]) => withConfigs({ acme: { gateway: { trustedProxies } } });

cases('proxy.shared-loopback-trust', {
  ok: { 'an address of its own': trusted('192.0.2.7', '2001:db8::7', 'no network') },
  ng: {
    allowLoopback: withConfigs({ acme: { gateway: { auth: { trustedProxy: { allowLoopback: true } } } } }),
    'the loopback': trusted('127.0.0.1'),
    'the loopback of IPv6': trusted('::1'),
    'a name for it': trusted('localhost'),
    everything: trusted('0.0.0.0/0'),
    'IPv4 as IPv6': trusted('::ffff:127.0.0.1'),
    'links of tenants': trusted('10.0.0.0/8'),
  },
});
