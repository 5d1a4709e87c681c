import { known } from '../../core/facts.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { settingsWith } from '../testing/network-facts.ts';
import { cases } from '../testing/cases.ts';

const exposed = (keyWithUsers: boolean, config: Readonly<Record<string, unknown>>) =>
  observedFacts(
    {},
    {
      acme: () => ({
        settings: known(settingsWith(config), 'test'),
        apiClients: known([{ name: 'app', kind: 'app', keyWithUsers, keys: [], urls: [] }], 'test'),
      }),
    },
  );
const endpoint = (name: string) => ({ gateway: { http: { endpoints: { [name]: { enabled: true } } } } });

cases('api.openai-http-exposed', {
  ok: { 'the key stays with the client': exposed(false, endpoint('chatCompletions')), 'every endpoint is off': exposed(true, {}) },
  ng: {
    'chat completions': exposed(true, endpoint('chatCompletions')),
    responses: exposed(true, endpoint('responses')),
    'admin RPC': exposed(true, { plugins: { entries: { 'admin-http-rpc': { enabled: true } } } }),
  },
});
