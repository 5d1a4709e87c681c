/** Judges each seeded leak and says what was found, missed and invented. */
import { judge } from '../../src/checks/judge.ts';
import type { Facts } from '../../src/core/facts.ts';
import type { Clean, Mutation } from './mutation.ts';

export interface Score {
  readonly seeded: number;
  readonly found: number;
  /** `id (disguise)` of leaks that their check did not find. */
  readonly missed: readonly string[];
  /** `id on what` of findings that nothing explains. */
  readonly invented: readonly string[];
}

export async function score(mutations: readonly Mutation[], clean: readonly Clean[]): Promise<Score> {
  const missed: string[] = [];
  const invented: string[] = [];
  for (const { id, disguise, also = [], facts } of mutations) {
    const ids = failing(await facts());
    if (!ids.has(id)) missed.push(`${id} (${disguise})`);
    for (const other of ids) if (other !== id && !also.includes(other)) invented.push(`${other} on ${id} (${disguise})`);
  }
  for (const { title, facts } of clean) for (const id of failing(await facts())) invented.push(`${id} on ${title}`);
  return { seeded: mutations.length, found: mutations.length - missed.length, missed, invented };
}

/** An `unknown` is no finding here: a check that could not look has not found. */
function failing(facts: Facts): ReadonlySet<string> {
  return new Set(
    judge(facts)
      .filter(({ verdict }) => verdict === 'fail')
      .map(({ id }) => id),
  );
}
