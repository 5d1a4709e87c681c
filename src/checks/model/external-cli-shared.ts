/** Two tenants use the logins of one home. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';
import { sharedPlaces } from '../places.ts';
import { settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'model.external-cli-shared',
  title: 'Two tenants use one login of a command-line program',
  why: 'A gateway takes over the login that it finds there, and an agent with a shell is whoever is logged in.',
  fix: 'Give each tenant a home of its own, and set CODEX_HOME, CLAUDE_CONFIG_DIR and the like to places in it.',
  how: 'Directories of codex, claude, gemini, gh, aws, gcloud, gog, ssh and skills are compared as the variables set them, by real path and object; and whether Codex works in the OS user\u2019s home while that is shared.',
  source: 'openclaw 2026.9.6 docs/gateway/authentication.md, docs/concepts/oauth.md',
  severity: { team: 'warn', clients: 'critical', adversarial: 'critical' },
  needs: ['places', 'settings'],
  phases: ['desired', 'observed'],
  item: 'model-credentials',
  *judge(facts) {
    for (const group of sharedPlaces(facts, (what) => what.startsWith('cli:'))) yield sharing(group, 'the logins of a command-line program');
    const codex = new Map(
      [...settingsOf(facts)].flatMap(({ tenant, settings }) =>
        settings.models.codexUserHome.value ? [[tenant.tenant, settings.models.codexUserHome.from] as const] : [],
      ),
    );
    const users = sharedBy(facts.tenants, ({ tenant, host, user }) => {
      const from = codex.get(tenant);
      return from === undefined || !user.known
        ? []
        : [{ key: `${host} ${user.value.uid ?? user.value.name}`, where: `${from} as ${user.value.name}` }];
    });
    for (const group of users) yield sharing(group, 'the Codex login of one OS user');
  },
});
