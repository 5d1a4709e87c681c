import { known } from '../../core/facts.ts';
import type { ApiClientFact } from '../../core/network-facts.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { cases } from '../testing/cases.ts';

const client = (change: Partial<ApiClientFact> = {}) => ({
  apiClients: known([{ name: 'webui', kind: 'open-webui', keyWithUsers: false, keys: [], urls: [], ...change }], 'test'),
});
const both = (acme: Partial<ApiClientFact>, globex: Partial<ApiClientFact>) =>
  observedFacts({}, { acme: () => client(acme), globex: () => client(globex) });
const calls = (url: string) => ({ urls: [{ location: 'manifest', url }] });
const holds = (digest: string) => ({ keys: [{ location: 'file:/w.env#OPENAI_API_KEYS', digest }] });

cases('api.openwebui-key-shared', {
  ok: {
    'one of each': both(
      { ...calls('http://127.0.0.1:20120/v1'), ...holds('token-acme') },
      { ...calls('http://127.0.0.1:20240/v1'), ...holds('token-globex') },
    ),
    'two paths of one server': both(calls('https://api.example/acme/v1'), calls('https://api.example/globex/v1')),
  },
  ng: {
    'one key': both(holds('same'), holds('same')),
    'one source of the key': both({ keys: [{ location: 'env:K', reference: 'env:K' }] }, { keys: [{ location: 'env:K', reference: 'env:K' }] }),
    'one address in two spellings': both(calls('http://localhost:9000/v1/'), calls('http://[::1]:9000')),
    'the gateway of another': both(calls('http://127.0.0.1:20240/v1'), {}),
    'the token of another': both(holds('token-globex'), {}),
  },
});
