/** Two tenants say that they belong to one organisation. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';
import { settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'model.provider-org-shared',
  title: 'Two tenants use one organisation or project of a model provider',
  why: 'Quota, retention, logs and the bill are common although the keys differ.',
  fix: 'Give each tenant an organisation or project of its own.',
  how: 'What the config and the variables say is compared: OpenAI-Organization and OpenAI-Project headers, Google project, AWS role. A key does not tell its organisation.',
  source: 'openclaw 2026.9.6 `openclaw config schema` (models.providers.*.headers); platform.openai.com/docs/api-reference/authentication',
  severity: { team: 'info', clients: 'warn', adversarial: 'high' },
  needs: ['settings'],
  phases: ['desired', 'observed'],
  item: 'model-credentials',
  *judge(facts) {
    const tenants = new Map([...settingsOf(facts)].map(({ tenant, settings }) => [tenant.tenant, settings.models.organizations]));
    const groups = sharedBy(facts.tenants, ({ tenant }) =>
      (tenants.get(tenant) ?? []).map(({ provider, account, from }) => ({
        key: `${provider} ${account}`,
        where: `${provider} ${account} (${from})`,
      })),
    );
    for (const group of groups) yield sharing(group, 'one organisation of a model provider');
  },
});
