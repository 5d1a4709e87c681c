/** The cases of one check: facts it must accept, and facts it must speak about. Each becomes a test. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Facts } from '../../core/facts.ts';
import { CHECKS } from '../index.ts';
import { judge } from '../judge.ts';

export interface Cases {
  /** Title → facts on which the check passes. The clean tenants are always one of them. */
  readonly ok: Readonly<Record<string, Facts>>;
  /** Title → facts on which it fails: one for every branch that yields. */
  readonly ng: Readonly<Record<string, Facts>>;
}

export function cases(id: string, { ok, ng }: Cases): void {
  const check = CHECKS.find((one) => one.id === id);
  if (check === undefined) throw new Error(`no check is called ${id}`);
  const verdicts = (facts: Facts): readonly string[] => judge(facts, [check]).map(({ verdict }) => verdict);
  for (const [title, facts] of Object.entries(ok)) test(`${id} ok: ${title}`, () => assert.ok(verdicts(facts).every((one) => one === 'pass')));
  for (const [title, facts] of Object.entries(ng)) test(`${id} ng: ${title}`, () => assert.ok(verdicts(facts).includes('fail')));
}
