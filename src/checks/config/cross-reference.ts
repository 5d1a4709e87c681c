/** A config names a path of another tenant. */
import { defineCheck } from '../../core/check.ts';
import type { TenantFacts } from '../../core/facts.ts';
import { isWithin } from '../../core/path-text.ts';
import { foreign, pathsOf, reaches, reaching, spans, type Reference } from '../join.ts';

export const check = defineCheck({
  id: 'config.cross-reference',
  title: 'The config of a tenant names a path of another',
  why: 'Whatever key holds it (a bind, a plugin, a skill, a server’s argument), OpenClaw will read or run what lies there.',
  fix: 'Remove the path, or copy what it names into the tenant’s own tree.',
  how: 'Every absolute or tilde path in the config and the environment is compared with the paths of other tenants; one in the config may not lie above them either.',
  source: 'openclaw 2026.9.6 `openclaw config schema`: hundreds of keys hold paths, so all texts are read',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['settings', 'paths'],
  phases: ['desired', 'observed'],
  item: 'paths',
  *judge(facts) {
    const named = foreign(facts, namedBy);
    // The environment of a gateway names directories of the whole host: TMPDIR=/tmp is no reach into what lies below it.
    const inConfig = named.filter(({ reference }) => reference.where.startsWith('config:'));
    yield* reaching([...reaches(facts, named), ...spans(facts, inConfig)], 'names paths of');
  },
});

/** What lies in its own two trees is left out at once: it is nearly all of what a config names. */
function* namedBy(tenant: TenantFacts): Iterable<Reference> {
  const { settings } = tenant;
  const trees = pathsOf(tenant).filter(({ role }) => role === 'root' || role === 'secrets');
  for (const { value, from } of settings.known ? settings.value.places.named : [])
    if (!trees.some(({ real }) => isWithin(value, real))) yield { path: value, where: `${from}: ${value}` };
}
