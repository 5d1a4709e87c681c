/** Checks and probes as rules, for explanations, documents and SARIF. */
import { CHECKS } from '../checks/index.ts';
import { PROBES } from '../probes/index.ts';
import type { Rule } from '../report/rule.ts';

const PHASE_WORD = { desired: 'declared', observed: 'running' } as const;

export function checkRules(): readonly Rule[] {
  return CHECKS.map(({ id, title, why, how, fix, source, severity, item, phases }) => ({
    id,
    kind: 'check',
    title,
    why,
    how,
    fix,
    source,
    severity,
    item,
    judgedOn: phases.map((phase) => PHASE_WORD[phase]),
  }));
}

export function probeRules(): readonly Rule[] {
  return PROBES.map(({ id, attack, title, does, safe, decoy, fix, severity, item }) => ({
    id,
    kind: 'probe',
    title,
    why: does,
    how: `${safe} ${decoy}`,
    fix,
    source: `attack ${attack}`,
    severity,
    item,
    judgedOn: ['running'],
  }));
}
