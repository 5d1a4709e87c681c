/** The demo as a newcomer runs it: as root, and with Ctrl-C in the middle. Nothing may stay. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertNothingLeft, folderIn, play } from '../support/demo-run.ts';
import { requires } from '../support/requires.ts';

const CHECKOUT = new URL('../../', import.meta.url).pathname;
const skip = requires({ root: true, linux: true, programs: ['bwrap', 'nft', 'ip'], openclaw: true });

describe('the demo', { skip, timeout: 2_400_000 }, () => {
  test('as root it shows the verdict flip and return, and leaves nothing', async () => {
    const ended = await play(['npm', 'run', 'demo'], { cwd: CHECKOUT });
    const { exit, stdout, stderr } = ended;
    assert.equal(exit, 0, stderr.slice(-3000));
    const at = [
      'on the rung os-user',
      '→ PASS (exit 0)',
      'Break a boundary',
      '→ FAIL (exit 4)',
      '5  Restore',
      '→ PASS (exit 0)',
      'TENANT BOUNDARY CHECKLIST',
    ];
    let from = 0;
    for (const words of [...at, '10 Who can access the host', 'Not isolated here', '7  Tear down', 'Every step showed what it must']) {
      const found = stdout.indexOf(words, from);
      assert.ok(found >= 0, `${words} comes after what it must follow:\n${stdout}`);
      from = found + words.length;
    }
    assert.match(stdout, /acme’s agent, told to reach globex’s canary/);
    assert.match(stderr, /\d+\.\ds {2}\S/, 'progress is visible');
    assertNothingLeft(folderIn(ended));
  });

  test('Ctrl-C in the middle takes down what was built', async () => {
    const ended = await play(['npm', 'run', 'demo'], { cwd: CHECKOUT, interrupt: /create network namespace/ });
    assert.notEqual(ended.exit, 0);
    assert.match(ended.stdout, /7 {2}Tear down/, ended.stderr);
    assert.match(ended.stderr, /✗ interrupted/);
    assertNothingLeft(folderIn(ended));
  });
});
