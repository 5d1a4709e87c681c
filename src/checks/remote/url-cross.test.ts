import { known } from '../../core/facts.ts';
import { wholeHost, observedFacts } from '../testing/clean-facts.ts';
import { onOneLoopback, settingsWith, withConfigs } from '../testing/network-facts.ts';
import { cases } from '../testing/cases.ts';

const remote = (url: string) => ({ gateway: { remote: { url } } });
const byName = (url: string) =>
  observedFacts(
    {
      hosts: [
        {
          ...wholeHost(),
          proxies: known([{ location: 'n:1', names: ['globex.example'], catchAll: false, upstreams: ['127.0.0.1:20240'], sets: [] }], 'test'),
        },
      ],
    },
    { acme: () => ({ settings: known(settingsWith(remote(url)), 'test') }) },
  );

cases('remote.url-cross', {
  ok: {
    'its own published port': withConfigs({ acme: remote('ws://127.0.0.1:20120') }),
    'somewhere else': withConfigs({ acme: remote('wss://gateway.example') }),
  },
  ng: {
    'the published port of another': withConfigs({ acme: remote('ws://user:pw@[::1]:20240/?token=x') }),
    'by variable': withConfigs({ acme: {} }, { OPENCLAW_GATEWAY_URL: 'ws://localhost:20240' }),
    'the base port of another on its loopback': onOneLoopback({ acme: remote('ws://127.0.0.1:20240') }),
    'a name at a reverse proxy': byName('wss://Globex.example/ws'),
  },
});
