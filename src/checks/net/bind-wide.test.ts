import { known } from '../../core/facts.ts';
import { acmeWith, withConfigs } from '../testing/network-facts.ts';
import { cases } from '../testing/cases.ts';

cases('net.bind-wide', {
  ok: {
    'a custom loopback address': withConfigs({ acme: { gateway: { bind: 'custom', customBindHost: '127.0.0.2' } } }),
    'a webhook on the loopback': withConfigs({ acme: { channels: { telegram: { webhookUrl: 'https://a.example', webhookHost: '::1' } } } }),
    'a webhook of which no address is known': withConfigs({ acme: { channels: { msteams: { appId: 'x' } } } }),
  },
  ng: {
    lan: withConfigs({ acme: { gateway: { bind: 'lan' } } }),
    'every address': withConfigs({ acme: { gateway: { bind: 'custom', customBindHost: '0.0.0.0' } } }),
    'a webhook on every address by default': withConfigs({ acme: { channels: { 'nextcloud-talk': {} } } }),
    'the published port': acmeWith({
      listener: known({ address: '0.0.0.0', port: 20120, holders: [{ pid: 1, uid: 1001, namespaces: {} }] }, 'test'),
    }),
  },
});
