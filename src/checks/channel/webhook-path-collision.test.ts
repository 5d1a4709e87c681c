import { cases } from '../testing/cases.ts';
import { known } from '../../core/facts.ts';
import { atBoth, plusSettings } from '../testing/secret-facts.ts';

function waiting(listener: { readonly url?: string; readonly host?: string; readonly port?: number }): ReturnType<typeof plusSettings> {
  return plusSettings(({ channels }) => ({ channels: { ...channels, webhooks: [{ channel: 'telegram', ...listener, from: 'config' }] } }));
}

function onHost({ ports }: Parameters<ReturnType<typeof plusSettings>>[0]): ReturnType<ReturnType<typeof plusSettings>> {
  return ports.known ? { ports: known({ ...ports.value, namespace: 'host' }, 'test') } : {};
}

cases('channel.webhook-path-collision', {
  ok: {
    'one port, each in a network namespace of its own': atBoth(waiting({ host: '127.0.0.1', port: 8787 })),
    'one path at hosts of their own': atBoth((tenant) => waiting({ url: `https://${tenant.tenant}.example/hook` })(tenant)),
    'one port at addresses of their own': atBoth((tenant) => ({
      ...waiting({ host: tenant.tenant === 'acme' ? '127.0.0.2' : '127.0.0.3', port: 8787 })(tenant),
      ...onHost(tenant),
    })),
  },
  ng: {
    'one public address': atBoth(waiting({ url: 'https://bots.example/hook' })),
    'one port of the host': atBoth((tenant) => ({ ...waiting({ host: '0.0.0.0', port: 8788 })(tenant), ...onHost(tenant) })),
  },
});
