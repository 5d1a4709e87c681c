/** Two configs include one file. */
import { defineCheck } from '../../core/check.ts';
import type { TenantFacts } from '../../core/facts.ts';
import type { IncludeFact } from '../../core/place-facts.ts';
import { sharedBy, sharing, type Holding } from '../join.ts';

export const check = defineCheck({
  id: 'config.include-shared',
  title: 'Two tenants include one config file',
  why: 'Whoever changes it changes the policy of both, and a secret in it is known to both.',
  fix: 'Copy the file for each tenant; or keep one without secrets that belongs to root and nobody else may write.',
  how: 'The include graph of each config: one real path or one file in two of them. A file that is root-owned, writable by root alone and free of secrets is no finding.',
  source: 'openclaw 2026.9.6 docs/gateway/configuration/common-tasks.md ($include)',
  severity: { team: 'warn', clients: 'critical', adversarial: 'critical' },
  needs: ['includes'],
  phases: ['desired', 'observed'],
  item: 'config',
  *judge(facts) {
    for (const group of sharedBy(facts.tenants, includesOf)) yield sharing(group, 'an included config file');
  },
});

function* includesOf({ host, includes }: TenantFacts): Iterable<Holding> {
  for (const include of includes.known ? includes.value : []) {
    const { declared, real, identity, from } = include;
    if (isCommon(include)) continue;
    const where = `${from} includes ${declared}${declared === real ? '' : `, which is ${real}`}`;
    yield { space: host, key: real, where };
    if (identity !== undefined) yield { space: host, key: identity, where };
  }
}

function isCommon({ uid, mode, holdsSecret }: IncludeFact): boolean {
  return uid === 0 && mode !== undefined && (mode & 0o022) === 0 && holdsSecret === false;
}
