/** The keys in which a tenant's config, as it lies in its tree, differs from what was rendered. */
import { randomBytes } from 'node:crypto';
import type { Blueprint } from '../core/blueprint.ts';
import { known, unknown, type Known } from '../core/facts.ts';
import { MASKING } from '../openclaw/credentials/masking-rules.ts';
import { makeMasker } from '../openclaw/masking.ts';
import { isObject, type Json } from '../openclaw/merge.ts';
import { policyDiff, type PolicyDifference } from '../openclaw/policy-diff.ts';
import { lookAtFiles } from './collect-tenant.ts';
import { reason, subjectOf, type SubjectInput } from './subject.ts';

/** Both sides as objects, their secrets masked under one key. */
export interface ConfigPair {
  readonly declared: Readonly<Json>;
  readonly live: Readonly<Json>;
}

export async function livePolicy(input: SubjectInput, blueprint: Blueprint): Promise<Known<readonly PolicyDifference[]>> {
  const pair = await liveConfig(input, blueprint);
  return pair.known ? known(policyDiff(pair.value.declared, pair.value.live, blueprint.policy.preset), pair.source) : pair;
}

/** Read as the tenant. Secrets of both sides are masked under one key, so that they are compared and not told. Unknown where it could not be read. */
export async function liveConfig(input: SubjectInput, blueprint: Blueprint): Promise<Known<ConfigPair>> {
  const subject = await subjectOf(input, blueprint);
  const { observed, details, signal } = subject;
  if (!observed.known) return observed;
  if (details.uid === undefined) return unknown('it is not built');
  const key = randomBytes(32).toString('hex');
  const { configFile } = blueprint.paths;
  try {
    const request = { key, rules: MASKING, openclaw: blueprint.install.openclaw, paths: [], configFile };
    const { config: live } = await lookAtFiles(subject, request);
    if (!live.ok) return unknown(live.why);
    if (!isObject(live.value)) return unknown(`${configFile} holds no object`);
    const declared = makeMasker(key, MASKING).config(blueprint.config);
    return known({ declared: isObject(declared) ? declared : {}, live: live.value }, `config:${configFile}`);
  } catch (error) {
    return unknown(reason(error, signal));
  }
}
