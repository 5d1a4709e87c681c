import { cases } from '../testing/cases.ts';
import { known } from '../../core/facts.ts';
import { atAcme, atBoth, plusSettings } from '../testing/secret-facts.ts';

function asking(url: string): ReturnType<typeof plusSettings> {
  return plusSettings(({ models }) => ({ models: { ...models, endpoints: [{ provider: 'own', url, from: 'config' }] } }));
}

cases('model.local-service-shared', {
  ok: {
    'a service of the wide network': atBoth(asking('https://api.example.com')),
    'loopback, each in a network namespace of its own': atBoth(asking('http://127.0.0.1:11434')),
    'one only': atAcme(asking('http://10.0.0.5:8000')),
  },
  ng: {
    'one in the private network': atBoth(asking('http://10.0.0.5:8000')),
    'one by name': atBoth(asking('http://gpu.internal:8000')),
    'one on the loopback of the host': atBoth((tenant) => ({
      ...asking('http://127.0.0.1:11434')(tenant),
      ...(tenant.ports.known ? { ports: known({ ...tenant.ports.value, namespace: 'host' }, 'test') } : {}),
    })),
  },
});
