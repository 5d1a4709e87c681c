import { onOneLoopback, withConfigs } from '../testing/network-facts.ts';
import { cases } from '../testing/cases.ts';

const webhook = (port?: number) => ({
  channels: { telegram: { webhookUrl: 'https://a.example', ...(port === undefined ? {} : { webhookPort: port }) } },
});
const talk = { channels: { 'nextcloud-talk': { baseUrl: 'https://cloud.example' } } };
const gmail = { hooks: { enabled: true, gmail: { account: 'a@a.example' } } };

cases('port.fixed-service', {
  ok: {
    'each on a loopback of its own': withConfigs({ acme: webhook(), globex: webhook() }),
    'ports of their own': onOneLoopback({ acme: webhook(20125), globex: webhook(20245) }),
    'a port that the kernel chooses': onOneLoopback({ acme: webhook(0), globex: webhook(0) }),
    'two addresses': onOneLoopback({ acme: { channels: { telegram: { webhookUrl: 'x', webhookHost: '192.0.2.1' } } }, globex: webhook() }),
  },
  ng: {
    'two default webhooks': onOneLoopback({ acme: webhook(), globex: webhook() }),
    'a watcher and a webhook on every address': onOneLoopback({ acme: gmail, globex: talk }),
    'a webhook inside the block of another': onOneLoopback({ acme: webhook(20250) }),
  },
});
