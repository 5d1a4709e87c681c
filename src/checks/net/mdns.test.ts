import { withConfigs } from '../testing/network-facts.ts';
import { cases } from '../testing/cases.ts';

const on = (mode?: string) => ({
  acme: { discovery: { mdns: mode === undefined ? { mode: 'minimal' } : { mode } }, plugins: { entries: { bonjour: { enabled: true } } } },
});
const wide = (domain: string) => ({ discovery: { wideArea: { domain } } });

cases('net.mdns', {
  ok: {
    'the plugin is not on': withConfigs({ acme: { discovery: { mdns: { mode: 'full' } } } }),
    'the mode is off': withConfigs(on('off')),
    'the environment says no': withConfigs(on('full'), { OPENCLAW_DISABLE_BONJOUR: '1' }),
    'the plugin is denied': withConfigs({ acme: { ...on().acme, plugins: { deny: ['bonjour'], entries: { bonjour: { enabled: true } } } } }),
    'two domains': withConfigs({ acme: wide('a.internal'), globex: wide('b.internal') }),
  },
  ng: {
    minimal: withConfigs(on()),
    full: withConfigs(on('full')),
    'one domain': withConfigs({ acme: wide('Oc.internal.'), globex: wide('oc.internal') }),
  },
});
