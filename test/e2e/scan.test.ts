/** `bulkhead scan` on a machine that somebody set up by hand: every expected id is named, and nothing is changed. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { podOfWorkload, threeTenants, workloadOf } from '../support/cluster.ts';
import { config, failed, rungs, scan, setConfig, SCAN_PROGRAMS, type ScanDocument } from '../support/scan-document.ts';
import { requires } from '../support/requires.ts';
import { changes, scanWorld, type ScanWorld, type WorldUser } from '../support/scan-world.ts';

const skip = requires({ root: true, linux: true, programs: SCAN_PROGRAMS, openclaw: true });

/** What Docker 20.10 prints of a container, with a cell of `openclaw fleet` in it (labels and arguments as dist `cell-profile-*` writes them). */
function cell(
  tenant: string,
  id: string,
  over: { readonly mounts: readonly [string, string][]; readonly privileged?: boolean; readonly port: number },
): unknown {
  const recorded = JSON.parse(readFileSync(new URL('../inspect/docker-cell.json', import.meta.url), 'utf8')) as [
    Record<string, Record<string, unknown>>,
  ];
  const [base] = recorded;
  return {
    ...base,
    Id: id.repeat(64),
    Name: `/openclaw-cell-${tenant}`,
    State: { ...base['State'], Running: false, Pid: 0 },
    Path: 'docker-entrypoint.sh',
    Args: ['node', 'dist/index.js', 'gateway', '--bind', 'lan', '--port', '18789'],
    Config: {
      ...base['Config'],
      Image: 'ghcr.io/openclaw/openclaw:latest',
      Labels: { 'openclaw.fleet.tenant': tenant, 'openclaw.fleet.owner': '0'.repeat(32) },
      Env: [
        'PATH=/usr/bin:/bin',
        'OPENCLAW_STATE_DIR=/home/node/.openclaw',
        'OPENCLAW_CONFIG_PATH=/home/node/.openclaw/openclaw.json',
        `OPENCLAW_GATEWAY_TOKEN=token-of-${tenant}-0123456789abcdef`,
      ],
    },
    HostConfig: {
      ...base['HostConfig'],
      Privileged: over.privileged === true,
      PortBindings: { '18789/tcp': [{ HostIp: '127.0.0.1', HostPort: String(over.port) }] },
    },
    Mounts: over.mounts.map(([Source, Destination]) => ({ Type: 'bind', Source, Destination, RW: true })),
  };
}

describe('a scan of gateways that do not run', { skip, timeout: 600_000 }, () => {
  let world: ScanWorld;
  let before_: readonly string[];
  let seen: ScanDocument;
  let plain: WorldUser;

  before(async () => {
    world = scanWorld();
    const [bob, dora, erin, fred] = [world.user('bob'), world.user('dora', ['docker']), world.user('erin'), world.user('fred')];
    plain = bob;
    // A unit of the system, and one of a user with its variables in a file.
    world.file(
      'root',
      `${world.root}/etc/systemd/system/openclaw-gateway-fred.service`,
      `[Service]\nUser=fred\nExecStart=/usr/bin/openclaw gateway --port 20100\nEnvironment=OPENCLAW_STATE_DIR=${fred.home}/state\n`,
      0o644,
    );
    world.file(fred, `${fred.home}/state/openclaw.json`, config('token-of-fred-0123456789abcdef'));
    world.file(
      erin,
      `${erin.home}/.config/systemd/user/openclaw-gateway.service`,
      '[Service]\nExecStart=/usr/bin/openclaw gateway --port 20150\nEnvironmentFile=%h/gateway.env\n',
    );
    world.file(erin, `${erin.home}/gateway.env`, 'OPENAI_API_KEY=sk-the-key-of-erin-0123456789\n');
    // Two cells: one with the data of the other beside its own.
    const cells = { acme: `${world.root}/cells/acme`, globex: `${world.root}/cells/globex` };
    for (const [tenant, path] of Object.entries(cells))
      world.file('root', `${path}/openclaw.json`, config(`token-of-cell-${tenant}-0123456789abcdef`));
    const inspected = [
      cell('acme', 'a', {
        privileged: true,
        port: 19_100,
        mounts: [
          [cells.acme, '/home/node/.openclaw'],
          [cells.globex, '/mnt/globex'],
        ],
      }),
      cell('globex', 'b', { port: 19_101, mounts: [[cells.globex, '/home/node/.openclaw']] }),
    ];
    world.file('root', `${world.root}/inspect.json`, JSON.stringify(inspected), 0o644);
    const answer = `#!/bin/sh\ncase $1 in ps) printf '%s\\n' ${'a'.repeat(64)} ${'b'.repeat(64)};; inspect) cat ${world.root}/inspect.json;; *) exit 1;; esac\n`;
    world.file('root', `${world.root}/bin/docker`, answer, 0o755);
    await world.open();
    // Written by OpenClaw itself: two profiles whose names give one port, a user in the group docker, one Slack app under two app tokens.
    const slack = (bot: string, app: string): object => ({ 'channels.slack': { botToken: bot, appToken: app } });
    const profile = (name: string): Promise<void> => setConfig(world, bob, `token-of-${name}-0123456789abcdef`, { argv: ['--profile', name] });
    await Promise.all([
      profile('client972'),
      setConfig(world, dora, 'token-of-dora-0123456789abcdef', { more: slack('xoxb-1-dora', 'xapp-1-A0SAMEAPP-1-aaaa') }),
    ]);
    await Promise.all([
      profile('client1719'),
      setConfig(world, erin, 'token-of-erin-0123456789abcdef', { more: slack('xoxb-1-erin', 'xapp-1-A0SAMEAPP-2-bbbb') }),
    ]);
    before_ = await world.snapshot();
    seen = await scan(world);
  });
  after(() => world.end());

  test('each is found once, with the rung that it stands on', () => {
    assert.deepEqual(
      seen.scan.sources.map(({ state, detail }) => (state === 'partly' ? detail : '')).filter((text) => text !== ''),
      [],
    );
    assert.deepEqual(rungs(seen), {
      acme: 'profile',
      globex: 'container',
      fred: 'os-user',
      erin: 'os-user',
      dora: 'profile',
      client972: 'profile',
      client1719: 'profile',
    });
    const erin = seen.scan.gateways.find(({ tenant }) => tenant === 'erin');
    assert.deepEqual(
      erin?.seenAs.map(({ kind }) => kind),
      ['user-unit', 'directory'],
    );
    assert.equal(seen.exitCode, 1);
  });

  test('two profiles of one user, whose names give one port', () => {
    for (const id of ['os.shared-uid', 'os.shared-home', 'boundary.profile-only', 'port.profile-hash', 'port.base-equal'])
      failed(seen, id, 'client972', 'client1719');
  });

  test('ports that a unit gives away are in reach of another’s derived ones', () => failed(seen, 'port.derived-overlap', 'fred', 'erin'));

  test('a user in the group docker', () => failed(seen, 'os.privileged-group', 'dora'));

  test('one Slack app under two app tokens', () => failed(seen, 'channel.slack-app-shared', 'dora', 'erin'));

  test('a privileged cell, and the data of another in it', () => {
    failed(seen, 'container.privileged', 'acme');
    failed(seen, 'path.bind-mount', 'acme', 'globex');
    assert.ok(!seen.findings.some(({ id, verdict, tenants }) => id === 'container.privileged' && verdict === 'fail' && tenants.includes('globex')));
  });

  test('what only Bulkhead declares is no finding', () => {
    for (const id of [
      'boundary.undefined',
      'boundary.rung-not-reached',
      'boundary.declared-vs-running',
      'policy.drift',
      'gateway.claim-mismatch',
      'boundary.shared-gateway',
      'env.leaked-inherit',
    ])
      assert.ok(!seen.findings.some((one) => one.id === id && one.verdict === 'fail'), id);
  });

  test('no secret is told', async () => {
    const text = JSON.stringify(seen) + (await world.scan()).stdout;
    for (const secret of ['token-of-', 'xoxb-1-', 'sk-the-key']) assert.ok(!text.includes(secret), secret);
  });

  test('nothing changed: no file, no process', async () => {
    await world.scan();
    assert.deepEqual(changes(before_, await world.snapshot()), []);
  });

  test('a manifest is written once, with references, and the results as SARIF beside it', async () => {
    const path = '/tmp/found.yaml';
    const { stdout, exit } = await world.scan('--format', 'sarif', '--write', path);
    assert.equal(exit, 1);
    const log = JSON.parse(stdout) as {
      readonly version: string;
      readonly runs: readonly { readonly results: readonly { readonly ruleId: string }[] }[];
    };
    assert.equal(log.version, '2.1.0');
    assert.ok(log.runs[0]?.results.some(({ ruleId }) => ruleId === 'channel.slack-app-shared'));
    const written = (await world.run(['cat', path])).stdout;
    for (const word of ['client972:', 'dora:', 'trust: clients', 'port: 20364']) assert.ok(written.includes(word), word);
    assert.ok(!/token-of-|xoxb-|xapp-|sk-the-key/.test(written));
    const again = await world.scan('--write', path);
    assert.deepEqual([again.exit, /is there already/.test(again.stderr)], [2, true]);
    assert.equal((await world.run(['cat', path])).stdout, written);
    await world.run(['rm', path]);
  });

  test('pods of a cluster are judged beside what the machine runs, and are in no manifest', async () => {
    const answers = threeTenants();
    Object.assign(podOfWorkload(workloadOf(answers, 'initech')), { hostPID: true });
    for (const [path, answer] of Object.entries(answers))
      world.file('root', `${world.root}/kube/${path.replaceAll('/', '_')}`, JSON.stringify(answer), 0o644);
    const kubectl = [
      '#!/bin/sh',
      'for last; do :; done',
      'case "$*" in *" config view "*clusters*) exec printf prod;; *" config view "*) exit 0;; esac',
      `exec cat "${world.root}/kube/$(printf %s "\${last%%\\?*}" | tr / _)"`,
    ];
    world.file('root', `${world.root}/bin/kubectl`, `${kubectl.join('\n')}\n`, 0o755);
    const path = '/tmp/with-pods.yaml';
    const document = await scan(world, '--kubeconfig', '/kubeconfig', '--write', path);
    const source = document.scan.sources.find(({ what }) => what === 'Kubernetes');
    assert.deepEqual(source, { what: 'Kubernetes', state: 'looked', detail: '3 gateways in cluster prod' });
    assert.deepEqual(rungs(document), { ...rungs(seen), 'acme-2': 'container', 'globex-2': 'container', initech: 'os-user' });
    failed(document, 'container.privileged', 'initech');
    const ofMachine = ({ findings }: ScanDocument): readonly string[] =>
      findings.flatMap(({ id, verdict, message }) => (verdict === 'fail' && !message.includes('initech') ? [`${id} ${message}`] : []));
    assert.deepEqual(ofMachine(document), ofMachine(seen), 'a path or port of a pod is none of the machine');
    const written = (await world.run(['cat', path])).stdout;
    assert.match(written, /^#   initech: statefulset initech\/openclaw of cluster prod/m);
    assert.doesNotMatch(written, /^ {2}"?(?:initech|acme-2)/m);
    await world.run(['rm', path]);
  });

  test('without root it says what it could not see, and does not say that all is well', async () => {
    const { stdout, exit } = await world.run(
      ['/usr/bin/env', `HOME=${plain.home}`, `${process.execPath}`, new URL('../../bin/bulkhead.mjs', import.meta.url).pathname, 'scan', '--json'],
      plain,
    );
    const document = JSON.parse(stdout) as ScanDocument;
    assert.equal(exit, 1);
    assert.deepEqual(Object.keys(rungs(document)).toSorted().slice(0, 2), ['client1719', 'client972']);
    const homes = document.scan.sources.find(({ what }) => what === 'homes');
    assert.equal(homes?.state, 'partly');
    assert.match(homes?.detail ?? '', /home of dora: EACCES/);
  });
});
