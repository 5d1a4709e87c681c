/** The three examples through `plan`, and the manifests that it must refuse, each with its exit status. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { trial, type Trial } from '../support/bulkhead.ts';
import { requires } from '../support/requires.ts';

const skip = requires({ root: true, linux: true, programs: ['bwrap', 'nft', 'ip'], openclaw: true });
const example = (name: string): string => readFileSync(new URL(`../../examples/${name}.yaml`, import.meta.url), 'utf8');

describe('plan', { skip, timeout: 240_000 }, () => {
  let here: Trial;
  before(() => {
    here = trial();
  });
  after(() => here.end([]));

  for (const name of ['agency', 'saas', 'platform']) {
    test(`the example ${name} is judged clean and gives commands`, async () => {
      here.write('bulkhead.yaml', example(name));
      const result = await here.run('plan', '--json');
      assert.equal(result.exit, 0, result.stdout);
      const { commands, later } = JSON.parse(result.stdout) as { commands: { argv: string[]; stage: string }[]; later: string[] };
      assert.ok(commands.length > 20);
      assert.deepEqual(later, [], 'nothing is left for later on a bare host');
      const stages = new Set(commands.map(({ stage }) => stage));
      for (const stage of ['boundary', 'files', 'service', 'health']) assert.ok(stages.has(stage), stage);
      assert.ok(commands.every(({ argv }) => argv[0] !== 'sh' && argv[0] !== 'bash'));
    });
  }

  test('a second tenant on the machine of one that is to be alone is refused, and place says where each could be', async () => {
    const fleet = (second: string): string => `fleet: two
trust: adversarial
hosts: { local: { admins: [{ name: ops, how: root }] } }
tenants:
  acme: { boundary: { owner: o, data: d, members: [m] }, policy: support, limits: { memory: 1GiB } }
${second}
`;
    here.write('bulkhead.yaml', fleet(''));
    assert.equal((await here.run('plan', '--json')).exit, 0);
    assert.equal((await here.host(here.launcher, 'place', '-f', `${here.folder}/bulkhead.yaml`)).exit, 0);

    here.write('bulkhead.yaml', fleet('  globex: { boundary: { owner: o, data: d, members: [n] }, policy: support, limits: { memory: 1GiB } }'));
    const refused = await here.run('plan');
    assert.equal(refused.exit, 1, refused.stdout);
    assert.match(refused.stdout, /acme is to be alone on host local, where globex is placed too/);
    const placed = await here.host(here.launcher, 'place', '-f', `${here.folder}/bulkhead.yaml`, '--json');
    assert.equal(placed.exit, 1, placed.stdout);
    const { tenants } = JSON.parse(placed.stdout) as { tenants: { tenant: string; action: string; why: string }[] };
    assert.deepEqual(
      tenants.map(({ tenant, action }) => [tenant, action]),
      [
        ['acme', 'stay'],
        ['globex', 'nowhere'],
      ],
    );
    assert.match(tenants[1]?.why ?? '', /local: acme is there, and it is to be alone/);
  });

  test('where there is no OpenClaw install yet, its steps come first and the rest is named too', async () => {
    here.write('bulkhead.yaml', example('agency'));
    const bare = ['env', `BULKHEAD_RUNTIMES=${here.folder}/runtimes`] as const;
    const result = await here.host(...bare, ...here.argv('plan', '--json'));
    assert.equal(result.exit, 0, result.stdout + result.stderr);
    const { commands, later } = JSON.parse(result.stdout) as { commands: { stage: string }[]; later: string[] };
    assert.equal(commands[0]?.stage, 'install');
    assert.equal(commands.at(-1)?.stage, 'health');
    assert.deepEqual(later, []);
  });

  test('a declared watch is shown as a unit, or as the command to keep running where there is no systemd', async () => {
    here.write('bulkhead.yaml', `${example('agency')}\nverify: { every: 10s, webhook: { file: /etc/bulkhead/webhook } }\n`);
    const { exit, stdout, stderr } = await here.run('plan', '--json');
    assert.equal(exit, 0, stdout + stderr);
    const { commands } = JSON.parse(stdout) as { commands: { id: string; title: string; stdin?: string }[] };
    const unit = commands.find(({ id }) => id === 'host/watch/1');
    const runs = existsSync('/run/systemd/system') ? unit?.stdin : stderr;
    assert.equal(unit === undefined, !existsSync('/run/systemd/system'));
    assert.match(
      runs ?? '',
      /verify"? "?--watch"? "?-f"? "?\/.*bulkhead\.yaml"? .*"?--every"? "?10s"? .*"?--webhook-file"? "?\/etc\/bulkhead\/webhook/,
    );
  });

  test('the policies are listed, and what a tenant declares is shown with what it comes to', async () => {
    const listed = await here.host(here.launcher, 'policy', 'list', '--json');
    const { presets } = JSON.parse(listed.stdout) as { presets: { name: string; label?: string; tools: { tool: string; may: boolean }[] }[] };
    assert.deepEqual(
      presets.map(({ name, tools }) => `${name} ${tools.some(({ tool, may }) => tool === 'exec' && may) ? 'runs' : 'runs not'}`),
      ['support runs not', 'operator runs', 'api runs not', 'research runs not', 'browser runs not', 'team runs', 'quarantine runs not'],
    );
    here.write('bulkhead.yaml', example('saas'));
    const shown = await here.run('policy show', 'customer-1002', '--json');
    const { policy, rendered, tools } = JSON.parse(shown.stdout) as Record<'policy' | 'rendered', Record<string, object>> & { tools: object[] };
    assert.deepEqual(policy['alsoAllow'], ['web_fetch']);
    assert.deepEqual((rendered['tools'] as { alsoAllow: string[] }).alsoAllow, ['read', 'web_fetch']);
    assert.ok(tools.some((row) => JSON.stringify(row) === '{"tool":"web_fetch","group":"web","may":true,"by":"tools.alsoAllow"}'));
    here.write('bulkhead.yaml', example('platform'));
    assert.match((await here.run('policy show', 'sales')).stdout, /^sales {2}team \(personas, not tenants\)/);
  });

  test('without its trust a manifest is refused with line and column, exit 2', async () => {
    here.write('bulkhead.yaml', example('agency').replace(/^trust: .*\n/m, ''));
    const result = await here.run('plan');
    assert.equal(result.exit, 2);
    assert.match(result.stderr, /bulkhead\.yaml:\d+:\d+: "trust" is missing/);
  });

  test('two tenants on one Telegram bot are refused, exit 1, and no command is given', async () => {
    here.write('bulkhead.yaml', example('agency').replace('700000002', '700000001'));
    const result = await here.run('plan', '--json');
    assert.equal(result.exit, 1);
    const { commands, report } = JSON.parse(result.stdout) as { commands: unknown[]; report: { findings: { id: string; verdict: string }[] } };
    assert.deepEqual(commands, []);
    assert.ok(report.findings.some(({ id, verdict }) => id === 'channel.telegram-bot-shared' && verdict === 'fail'));
  });

  test('a manifest that is not there, an unknown command and an unknown flag are usage errors, without a stack trace', async () => {
    for (const argv of [['plan', '--nonsense'], ['nonsense'], ['exec', 'acme']]) {
      const result = await here.run(...argv);
      assert.equal(result.exit, 2, argv.join(' '));
      assert.doesNotMatch(result.stderr, /^\s+at .*:\d+:\d+\)?$/m);
    }
  });
});
