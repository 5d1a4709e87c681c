/** Two tenants read their secrets as one account. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';
import { sharedSecrets } from '../secrets.ts';

export const check = defineCheck({
  id: 'secret.provider-principal-shared',
  title: 'Two tenants open their vault as one account',
  why: 'Whatever that account may read, both can read, also the items of the other.',
  fix: 'Give each tenant a principal of its own that may read its own items only.',
  how: 'Digests of what lets in to a store of secrets are compared (Vault, 1Password, Bitwarden, AWS, Azure, Doppler, Infisical, age), and roles that both log in as.',
  source: 'openclaw 2026.9.6 docs/gateway/secrets/integration-examples.md, docs/plugins/vault.md',
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  needs: ['secrets', 'environment'],
  phases: ['desired', 'observed'],
  item: 'secrets',
  *judge(facts) {
    for (const group of sharedSecrets(facts, (role) => role.startsWith('principal:'))) yield sharing(group, 'one account at a store of secrets');
    const roles = sharedBy(facts.tenants, ({ environment }) => {
      const value = (name: string): string | undefined =>
        environment.known ? environment.value.variables.find((one) => one.name === name)?.value : undefined;
      const [vault, role, arn] = [value('VAULT_ADDR'), value('OPENCLAW_VAULT_AUTH_ROLE'), value('AWS_ROLE_ARN')];
      return [
        ...(vault === undefined || role === undefined
          ? []
          : [{ key: `vault ${vault.replace(/\/+$/, '')} ${value('VAULT_NAMESPACE') ?? ''} ${role}`, where: `role ${role} at ${vault}` }]),
        ...(arn === undefined ? [] : [{ key: `aws ${arn}`, where: arn }]),
      ];
    });
    for (const group of roles) yield sharing(group, 'one role at a store of secrets');
  },
});
