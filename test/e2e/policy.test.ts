/** What presets give, tried through a real agent; what a running gateway gives beyond its policy, found and put back. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parseAudit } from '../../src/openclaw/audit.ts';
import { securityAudit } from '../../src/openclaw/programs.ts';
import type { ReportDocument } from '../../src/report/json.ts';
import { trial, type Trial } from '../support/bulkhead.ts';
import { withGateway } from '../support/real-gateway.ts';
import { requires, testInstall } from '../support/requires.ts';
import { matrixPage } from '../support/tool-matrix-page.ts';
import { ATTEMPTS, surprises, tryPresets, type PresetSeen } from '../support/tool-matrix.ts';

const skip = requires({ linux: true, openclaw: true });

describe('every preset, tool by tool, through a real agent', { skip, timeout: 480_000 }, () => {
  let seen: readonly PresetSeen[];
  let audited: ReturnType<typeof parseAudit>;

  before(async () => {
    const install = testInstall();
    await withGateway(install, 'support', async (gateway) => {
      audited = parseAudit(await gateway.run(securityAudit(install)));
      seen = await tryPresets(gateway);
    });
  });
  const of = (preset: string): PresetSeen => {
    const found = seen.find((one) => one.preset === preset);
    assert.ok(found !== undefined);
    return found;
  };

  test('gives what is computed from it and nothing else: to a call, by the gateway’s word, and to the model', () => {
    assert.deepEqual(surprises(seen), []);
  });

  test('is on its page as this run saw it', () => {
    assert.equal(matrixPage(seen, testInstall().version), readFileSync(new URL('../../docs/policy/matrix.md', import.meta.url), 'utf8'));
  });

  test('support runs nothing and reads nothing outside, and OpenClaw’s audit finds nothing critical', () => {
    const said = new Map(ATTEMPTS.map(({ tool, what }, at) => [`${tool} ${what}`, of('support').said[at] ?? '']));
    assert.match(said.get('exec run a program') ?? '', /Tool exec not found/);
    assert.match(said.get('read `../` out of the workspace') ?? '', /Path escapes sandbox root/);
    assert.match(said.get('read through a symbolic link') ?? '', /Symlink escapes sandbox root/);
    assert.ok(typeof audited !== 'string', String(audited));
    assert.equal(audited.summary.critical, 0, JSON.stringify(audited.findings));
  });

  test('in quarantine nothing works, and the model is shown no tool', () => {
    const { outcomes, effective, offered } = of('quarantine');
    assert.deepEqual([[...new Set(outcomes)], effective, offered], [['absent'], [], []]);
  });
});

describe('a config that a tenant changed from inside', { skip, timeout: 480_000 }, () => {
  const rung = process.getuid?.() === 0 ? 'os-user' : 'profile';
  let here: Trial;
  const verify = async (): Promise<Readonly<Record<string, string>>> => {
    const { stdout } = await here.run('verify', '--json', '--no-audit', '--no-probes');
    const { findings } = JSON.parse(stdout) as ReportDocument;
    return Object.fromEntries(
      findings
        .filter(({ id }) => id === 'policy.effective' || id === 'policy.drift')
        .map(({ id, verdict, message }) => [id, `${verdict}: ${message}`]),
    );
  };

  const sessionFiles = (): readonly string[] =>
    (readdirSync(join(here.stateDir, 'tenants/acme/state'), { recursive: true }) as string[]).filter((name) => name.includes('.jsonl'));

  before(async () => {
    here = trial();
    here.write('keys/acme.key', 'planted-model-key-of-acme');
    here.write(
      'bulkhead.yaml',
      `fleet: policy
trust: team
hosts:
  local: { admins: [{ name: ops, how: root }] }
tenants:
  acme:
    boundary: { owner: acme@example.test, data: "Acme support tickets", members: [acme@example.test] }
    isolation: ${rung}
    policy: support
    models:
      scripted: { apiKey: { file: ${join(here.folder, 'keys/acme.key')} }, baseUrl: "http://127.0.0.1:9/v1", model: scripted-1 }
    egress: none
`,
    );
    const built = await here.run('apply', '--json');
    assert.equal(built.exit, 0, built.stderr + built.stdout);
  });
  after(async () => {
    await here.end(['acme']);
  });

  test('is found, key by key and tool by tool, shown before anything is done, and put back', async () => {
    const clean = { 'policy.drift': 'pass: looked at 1 tenants, found none', 'policy.effective': 'pass: looked at 1 tenants, found none' };
    assert.deepEqual(await verify(), clean);
    assert.deepEqual(sessionFiles(), [], 'to ask for the tools left something of a session behind');
    const set = ['openclaw', 'config', 'set', 'tools.profile', 'full'];
    const kept = await here.run('exec', 'acme', '--', ...set);
    assert.notEqual(kept.exit, 0, 'OpenClaw wrote a config that it was told to leave alone');
    const changed = await here.run('exec', 'acme', '--', 'env', 'OPENCLAW_CONFIG_READONLY=0', ...set);
    assert.equal(changed.exit, 0, changed.stderr);
    const found = await verify();
    assert.match(found['policy.drift'] ?? '', /^fail: .*tools\.profile/);
    assert.match(found['policy.effective'] ?? '', /^fail: the gateway of acme gives .* beyond its policy/);

    const shown = await here.run('policy reconcile', 'acme', '--json');
    assert.equal(shown.exit, 1, shown.stdout + shown.stderr);
    const told = JSON.parse(shown.stdout) as { changed: boolean; differences: unknown; ownKeys: readonly string[] };
    assert.deepEqual([told.changed, told.differences], [false, [{ key: 'tools.profile', declared: 'messaging', live: 'full' }]]);
    assert.ok(
      told.ownKeys.some((key) => key.startsWith('meta.')),
      JSON.stringify(told.ownKeys),
    );
    assert.deepEqual(await verify(), found);

    const done = await here.run('policy reconcile', 'acme', '--yes');
    assert.equal(done.exit, 0, done.stdout + done.stderr);
    assert.match(done.stdout, /tools\.profile[\s\S]*Put back what was declared/);
    assert.deepEqual(await verify(), clean);
    const again = await here.run('policy reconcile', 'acme', '--json');
    assert.deepEqual([again.exit, (JSON.parse(again.stdout) as { changed: boolean }).changed], [0, false]);
  });
});
