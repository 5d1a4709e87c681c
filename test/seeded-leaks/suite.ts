/** The verifier verified: every leak that is planted on running tenants is found, and nothing else is. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { score, type Round, type Score } from './score.ts';
import { buildWorld, LEAK_PROGRAMS, type World } from './world.ts';
import { requires } from '../support/requires.ts';

const skip = requires({ root: true, linux: true, programs: LEAK_PROGRAMS, openclaw: true });

export function findsLeaks(rounds: readonly Round[]): void {
  describe('leaks planted on running tenants', { skip, timeout: 1_800_000 }, () => {
    let here: World;
    let seen: Score;

    before(async () => {
      here = await buildWorld();
      seen = await score(here, rounds, () => {});
    });
    after(() => here?.end());

    test('each is found by the check or the attack that owns it', (t) => {
      const missed = seen.results.filter(({ found }) => found === undefined).map(({ leak }) => `${leak.id}: ${leak.pain}`);
      t.diagnostic(`seeded leaks: ${seen.results.length - missed.length} of ${seen.results.length} found`);
      assert.deepEqual(missed, []);
      assert.equal(seen.results.length, rounds.flat().length);
      assert.ok(seen.results.length > 10);
    });

    test('nothing else is found, with a leak or without one', () => {
      assert.deepEqual(
        seen.results.filter(({ invented }) => invented.length > 0).map(({ leak, invented }) => `${leak.id} (${leak.pain}): ${invented.join()}`),
        [],
      );
      assert.deepEqual(seen.clean, []);
    });

    test('each makes verify end with findings or a breach, not with what it does not know, and is as grave as that takes', () => {
      const grave = new Set(['high', 'critical']);
      assert.deepEqual(
        seen.results
          .filter(({ leak, found = '' }) => grave.has(found) === (leak.lesser === true))
          .map(({ leak, found }) => `${found}: ${leak.id}: ${leak.pain}`),
        [],
      );
      assert.deepEqual(
        seen.results.filter(({ found = '', exit }) => grave.has(found) && exit !== 1 && exit !== 4).map(({ leak, exit }) => `${exit}: ${leak.id}`),
        [],
      );
      const lesser = rounds.filter((round) => round.every((leak) => leak.lesser === true)).flat();
      assert.ok(seen.results.every(({ leak, exit }) => !lesser.includes(leak) || exit === 3));
    });
  });
}
