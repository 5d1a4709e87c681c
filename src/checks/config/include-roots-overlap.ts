/** A config may include files of another tenant. */
import { defineCheck } from '../../core/check.ts';
import type { TenantFacts } from '../../core/facts.ts';
import { foreign, reaches, reaching, spans, type Reference } from '../join.ts';

export const check = defineCheck({
  id: 'config.include-roots-overlap',
  title: 'The config of a tenant may include files of another',
  why: 'One line of config then makes the other tenant’s files part of this one’s policy, secrets included.',
  fix: 'Take the directory out of OPENCLAW_INCLUDE_ROOTS.',
  how: 'Each directory of OPENCLAW_INCLUDE_ROOTS lies at, below or above a path of another tenant.',
  source: 'openclaw 2026.9.6 docs/gateway/configuration/common-tasks.md ($include, confinement)',
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  needs: ['settings', 'paths'],
  phases: ['desired', 'observed'],
  item: 'config',
  *judge(facts) {
    const roots = foreign(facts, rootsOf);
    yield* reaching([...reaches(facts, roots), ...spans(facts, roots)], 'may include config files of');
  },
});

function* rootsOf({ settings }: TenantFacts): Iterable<Reference> {
  for (const { value, from } of settings.known ? settings.value.places.includeRoots : []) yield { path: value, where: `${from}: ${value}` };
}
