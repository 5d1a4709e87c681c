import { cases } from '../testing/cases.ts';
import { atAcme, atBoth, plusSettings } from '../testing/secret-facts.ts';

const IN_ORG = plusSettings(({ models }) => ({
  models: { ...models, organizations: [{ provider: 'openai', account: 'OpenAI-Organization org-1', from: 'config' }] },
}));

cases('model.provider-org-shared', {
  ok: { 'an organisation of its own': atAcme(IN_ORG) },
  ng: { 'one organisation': atBoth(IN_ORG) },
});
