import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { formatProblem, parseManifest, type ManifestProblem } from './parse.ts';
import type { Fleet } from '../core/fleet.ts';

const TINY = `fleet: hexa
trust: clients
tenants:
  acme:
    boundary: { owner: a@example.com, data: tickets, members: [] }
    policy: support
`;
const FULL = `# comment
fleet: hexa
trust: adversarial
relations:
  - { between: [acme, globex], trust: team }
hosts:
  local: { proxies: [/etc/nginx/sites-enabled/acme] }
  edge-1: { ssh: ops@edge-1.example.net, become: sudo, admins: [{ name: ops, how: sudo }] }
tenants:
  acme:
    boundary:
      owner: a@example.com
      data: >
        tickets
        and documents
      members: [a@example.com]
    isolation: container
    host: edge-1
    policy: { preset: operator, allow: [read, "group:fs"], deny: [exec] }
    channels:
      telegram: { bot: 700000001, botToken: { env: T }, apiRoot: "http://127.0.0.1:9/x", allowFrom: [42, "-1001234567890"] }
    models:
      anthropic: { apiKey: { file: /etc/bulkhead/key }, baseUrl: "https://models.example/v1", model: small }
    apiClients:
      - name: acme-webui
        kind: open-webui
        key: { file: /etc/bulkhead/acme/webui.key }
        baseUrl: http://127.0.0.1:20000/v1
        envFiles: [/etc/open-webui/acme.env]
        keyWithUsers: true
      - { name: acme-app, kind: app }
    browser: on
    limits: { memory: 1.5GiB, cpu: 0.5, pids: 64, disk: 10GiB }
    port: 21000
    egress: none
    allow: ["tcp:10.0.0.1:8080", "udp:host:29001"]
    backup: { to: /srv/backup/acme, recipient: age1qqqqqqqqqqqqqqqq }
    config: { agents: { defaults: { note: "two\\nlines", list: [1, null, true] } } }
  globex:
    boundary: { owner: g@example.com, data: notes, members: [] }
    policy: support
namedRisks:
  - { item: host-admins, tenants: [acme, globex], risk: "they read all", owner: s@example.com, until: 2027-03-01 }
verify: { every: 10s, webhook: { file: /etc/bulkhead/webhook }, metrics: /srv/metrics/b.prom }
`;

function fleetOf(source: string | Uint8Array): Fleet {
  const parsed = parseManifest(source, 'bulkhead.yaml', 'ab');
  assert.deepEqual(parsed.ok ? [] : parsed.problems.map(formatProblem), []);
  if (!parsed.ok) throw new Error('unreachable');
  return parsed.fleet;
}

function problemsOf(source: string | Uint8Array): readonly ManifestProblem[] {
  const parsed = parseManifest(source, 'bulkhead.yaml', 'ab');
  assert.equal(parsed.ok, false, 'the manifest should have been refused');
  return parsed.ok ? [] : parsed.problems;
}

/** Asserts the printed problems without the file name. */
function refuses(source: string | Uint8Array, ...expected: readonly string[]): void {
  assert.deepEqual(
    problemsOf(source).map((problem) => formatProblem(problem).replace(/^bulkhead\.yaml:/, '')),
    expected,
  );
}

test('every key of a manifest arrives in the fleet', () => {
  const fleet = fleetOf(FULL);
  assert.deepEqual(fleet, {
    name: 'hexa',
    trust: 'adversarial',
    relations: [{ between: ['acme', 'globex'], trust: 'team' }],
    hosts: [
      { id: 'local', admins: [], proxies: ['/etc/nginx/sites-enabled/acme'] },
      { id: 'edge-1', ssh: 'ops@edge-1.example.net', become: 'sudo', admins: [{ name: 'ops', how: 'sudo' }], proxies: [] },
    ],
    tenants: [
      {
        id: 'acme',
        at: { line: 10, column: 3 },
        boundary: { owner: 'a@example.com', data: 'tickets and documents', members: ['a@example.com'] },
        isolation: 'container',
        host: 'edge-1',
        policy: { preset: 'operator', allow: ['read', 'group:fs'], alsoAllow: [], deny: ['exec'] },
        channels: [
          {
            kind: 'telegram',
            settings: { bot: '700000001', apiRoot: 'http://127.0.0.1:9/x' },
            secrets: [{ field: 'botToken', source: { kind: 'env', name: 'T' } }],
            allowFrom: ['42', '-1001234567890'],
            rooms: [],
          },
        ],
        models: [
          { provider: 'anthropic', apiKey: { kind: 'file', path: '/etc/bulkhead/key' }, baseUrl: 'https://models.example/v1', model: 'small' },
        ],
        apiClients: [
          {
            name: 'acme-webui',
            kind: 'open-webui',
            key: { kind: 'file', path: '/etc/bulkhead/acme/webui.key' },
            baseUrl: 'http://127.0.0.1:20000/v1',
            envFiles: ['/etc/open-webui/acme.env'],
            keyWithUsers: true,
          },
          { name: 'acme-app', kind: 'app', envFiles: [], keyWithUsers: false },
        ],
        browser: true,
        limits: { memoryBytes: 1_610_612_736, cpus: 0.5, pids: 64, diskBytes: 10_737_418_240 },
        port: 21_000,
        egress: 'none',
        allow: [
          { protocol: 'tcp', address: '10.0.0.1', port: 8080 },
          { protocol: 'udp', address: 'host', port: 29_001 },
        ],
        backup: { to: '/srv/backup/acme', recipient: 'age1qqqqqqqqqqqqqqqq' },
        config: { agents: { defaults: { note: 'two\nlines', list: [1, null, true] } } },
      },
      {
        id: 'globex',
        at: { line: 39, column: 3 },
        boundary: { owner: 'g@example.com', data: 'notes', members: [] },
        host: 'local',
        policy: { preset: 'support', allow: [], alsoAllow: [], deny: [] },
        channels: [],
        models: [],
        apiClients: [],
        browser: false,
        limits: { memoryBytes: 2_147_483_648, cpus: 2, pids: 512 },
        egress: 'open',
        allow: [],
        config: {},
      },
    ],
    namedRisks: [{ item: 'host-admins', tenants: ['acme', 'globex'], risk: 'they read all', owner: 's@example.com', until: '2027-03-01' }],
    verify: { every: '10s', attackEvery: '6h', webhookFile: '/etc/bulkhead/webhook', metrics: '/srv/metrics/b.prom' },
    source: { path: 'bulkhead.yaml', sha256: 'ab' },
  });
});

test('bytes, a byte-order mark and Windows line ends read like text', () => {
  const expected = fleetOf(TINY);
  assert.deepEqual(fleetOf(new TextEncoder().encode(TINY)), expected);
  assert.deepEqual(fleetOf(new TextEncoder().encode(`\uFEFF${TINY}`)), expected);
  assert.deepEqual(fleetOf(TINY.replaceAll('\n', '\r\n')), expected);
});

for (const name of ['agency', 'saas', 'platform']) {
  test(`examples/${name}.yaml parses, stays on this machine and names risks that last`, () => {
    const fleet = fleetOf(readFileSync(new URL(`../../examples/${name}.yaml`, import.meta.url)));
    assert.ok(fleet.tenants.length >= 2);
    assert.deepEqual(
      fleet.hosts.map((host) => host.id),
      ['local'],
    );
    for (const tenant of fleet.tenants) assert.ok(tenant.isolation === undefined || tenant.isolation === 'os-user');
    for (const risk of fleet.namedRisks) assert.ok(risk.until > '2027-01-01');
    const bots = fleet.tenants.flatMap((tenant) => tenant.channels.map(({ settings }) => settings['bot']));
    assert.equal(new Set(bots).size, bots.length);
  });
}

test('a missing trust is the only problem, on the line below the fleet', () => {
  const source = TINY.replace('trust: clients\n', 'polcy: 1\n').replace('support', 'suport');
  const [problem, ...rest] = problemsOf(source);
  assert.deepEqual(rest, []);
  assert.deepEqual([problem?.line, problem?.column], [2, 1]);
  assert.match(problem?.message ?? '', /a trust boundary is declared before any layout/);
  assert.deepEqual([problemsOf('tenants: {}\n')[0]?.line, problemsOf('# x\n\ntenants: {}\n')[0]?.line], [1, 3]);
  assert.equal(problemsOf(TINY.replace('clients', ''))[0]?.line, 2);
});

test('a missing boundary, and each missing part of one, is reported before anything else', () => {
  const head = 'fleet: hexa\ntrust: clients\nnonsense: 1\ntenants:\n';
  refuses(
    `${head}  acme:\n    policy: support\n  globex:\n  initech:\n    boundary:\n      data: x\n  hooli:\n    bondary: { owner: a }\n`,
    '6:5: "boundary" is missing in tenants.acme: owner, data and members; a trust boundary is declared before any layout',
    '7:3: "boundary" is missing in tenants.globex: owner, data and members; a trust boundary is declared before any layout',
    '10:7: "owner" is missing in tenants.initech.boundary: who answers for it; a trust boundary is declared before any layout',
    '10:7: "members" is missing in tenants.initech.boundary: who is inside; a trust boundary is declared before any layout',
    '12:5: "boundary" is missing in tenants.hooli: owner, data and members; a trust boundary is declared before any layout; found "bondary"; did you mean "boundary"?',
  );
});

test('several problems are reported together, in the order of the file', () => {
  const source = FULL.replace('trust: adversarial', 'trust: cleints')
    .replace('[acme, globex], trust: team', '[acme, globx], trust: team')
    .replace('channels:', 'channel:')
    .replace('host: edge-1', 'host: edge-2')
    .replace('disk: 10GiB', 'disc: 10GiB')
    .replace('2027-03-01', '2027-02-29');
  refuses(
    source,
    '3:8: trust must be one of team, clients, adversarial, not "cleints"; did you mean "clients"?',
    '5:23: unknown tenant "globx" in relations[0].between; did you mean "globex"?',
    '18:11: unknown host "edge-2" in tenants.acme; did you mean "edge-1"?',
    '20:5: unknown key "channel" in tenants.acme; did you mean "channels"?',
    '33:51: unknown key "disc" in tenants.acme.limits; did you mean "disk"?',
    '43:103: namedRisks[0].until must be a real date such as 2027-03-01, not "2027-02-29"',
  );
});

test('more than 25 problems are counted', () => {
  const problems = problemsOf(`${TINY}${Array.from({ length: 60 }, (_, index) => `zzz${index}: 1\n`).join('')}`);
  assert.equal(problems.length, 25);
  assert.equal(formatProblem(problems[24] ?? assert.fail()), 'bulkhead.yaml:31:1: and 36 more problems from here on');
});

/** A manifest whose only tenant has one more line, which is line 7. */
const withLine = (line: string): string => `${TINY}    ${line}\n`;
const withTop = (lines: string): string => `${TINY}${lines}\n`;

for (const [title, source, expected] of [
  ['an unknown key at the top', withTop('host: 1'), '7:1: unknown key "host"; did you mean "hosts"?'],
  [
    'an unknown key without a neighbour',
    withTop('zebra: 1'),
    '7:1: unknown key "zebra"; known here: fleet, trust, relations, hosts, tenants, namedRisks, secrets, verify, documents',
  ],
  ['a watch without a pause', withTop('verify: { every: 1s }'), '7:18: verify.every must be a time of at least 5s, such as 30s, 15m or 6h, not "1s"'],
  [
    'a webhook that stands in the manifest, without its address,',
    withTop('verify: { webhook: { file: "https://hooks.example.net/secret" } }'),
    '7:28: verify.webhook.file must be an absolute path',
  ],
  ['a missing policy', TINY.replace('    policy: support\n', ''), '5:5: "policy" is missing in tenants.acme'],
  [
    'an unknown preset',
    TINY.replace('support', 'suport'),
    '6:13: tenants.acme.policy must be one of support, operator, api, research, browser, team, quarantine, not "suport"; did you mean "support"?',
  ],
  ['a list as policy', TINY.replace('support', '[support]'), '6:13: tenants.acme.policy must be text or a mapping, not a list'],
  [
    'an unknown key in a policy',
    TINY.replace('support', '{ preset: support, alow: [] }'),
    '6:32: unknown key "alow" in tenants.acme.policy; did you mean "allow"?',
  ],
  [
    'a tenant id in capitals',
    TINY.replace('acme:', 'Acme:'),
    '4:3: "Acme" in tenants must be 1 to 40 of a-z, 0-9 and "-", beginning and ending with a letter or digit',
  ],
  [
    'a tenant id that climbs',
    TINY.replace('acme:', '"../acme":'),
    '4:3: "../acme" in tenants must be 1 to 40 of a-z, 0-9 and "-", beginning and ending with a letter or digit',
  ],
  ['no tenants', 'fleet: a\ntrust: team\ntenants: {}\n', '3:10: tenants must have at least one tenant'],
  ['a list of tenants', 'fleet: a\ntrust: team\ntenants: [a]\n', '3:10: tenants must be a mapping, not a list'],
  ['a list as config', withLine('config: [1]'), '7:13: tenants.acme.config must be a mapping, not a list'],
  [
    'a number as a policy',
    TINY.replace('support', '1'),
    '6:13: tenants.acme.policy must be one of support, operator, api, research, browser, team, quarantine, not "1"',
  ],
  ['a number as a name', TINY.replace('hexa', '12'), '1:8: fleet must be text (put it in quotes), not a number'],
  [
    'an unknown rung',
    withLine('isolation: os_user'),
    '7:16: tenants.acme.isolation must be one of profile, os-user, container, host, not "os_user"; did you mean "os-user"?',
  ],
  ['a boolean browser', withLine('browser: true'), '7:14: tenants.acme.browser must be one of on, off, not "true"'],
  [
    'memory without a unit',
    withLine('limits: { memory: "2" }'),
    '7:23: tenants.acme.limits.memory must be an amount with its unit, such as 512MiB or 2GiB, not "2"',
  ],
  ['no processor at all', withLine('limits: { cpu: 0 }'), '7:20: tenants.acme.limits.cpu must be from 0.01 to 1024 processors, not "0"'],
  ['half a process', withLine('limits: { pids: 20.5 }'), '7:21: tenants.acme.limits.pids must be a whole number, not "20.5"'],
  [
    'a runtime that is not built',
    withLine('runtime: kata'),
    '7:14: tenants.acme.runtime must be one of runsc, not "kata"; Kata needs virtualisation and was never tried: see docs/limits.md#runtime',
  ],
  [
    'a disk that holds no gateway',
    withLine('limits: { disk: 127MiB }'),
    '7:21: tenants.acme.limits.disk must be an amount of 128MiB or more with its unit, such as 10GiB, not "127MiB"',
  ],
  ['a port whose block does not fit', withLine('port: 65426'), '7:11: tenants.acme.port must be a whole number from 1024 to 65425, not "65426"'],
  [
    'a host name as allowed address',
    withLine('allow: ["tcp:db:5432"]'),
    '7:13: tenants.acme.allow[0] must be like tcp:10.0.0.1:8080, or tcp:host:29001 for a service of this machine, not "tcp:db:5432"',
  ],
  [
    'a port beyond the last',
    withLine('allow: ["tcp:10.0.0.1:65536"]'),
    '7:13: tenants.acme.allow[0] must be like tcp:10.0.0.1:8080, or tcp:host:29001 for a service of this machine, not "tcp:10.0.0.1:65536"',
  ],
  ['a relative backup path', withLine('backup: { to: backups }'), '7:19: tenants.acme.backup.to must be an absolute path'],
  [
    'a private key as recipient',
    withLine('backup: { to: /b, recipient: AGE-SECRET-KEY-1QQQ }'),
    '7:34: tenants.acme.backup.recipient must be a public key: age1…, ssh-ed25519 … or ssh-rsa …',
  ],
  [
    'a tenant twice in a relation',
    withTop('relations: [{ between: [acme, acme], trust: team }]'),
    '7:31: "acme" stands twice in relations[0].between',
  ],
  ['a relation of one', withTop('relations: [{ between: [acme], trust: team }]'), '7:24: relations[0].between must name at least two tenants'],
  ['a relation that is a word', withTop('relations: [team]'), '7:13: relations[0] must be a mapping, not text'],
  [
    'an SSH destination that is an option',
    withTop('hosts: { edge: { ssh: "-oProxyCommand=x", admins: [] } }'),
    '7:23: hosts.edge.ssh must be an SSH destination such as ops@edge-1.example.net, not "-oProxyCommand=x"',
  ],
  ['a remote host without ssh', withTop('hosts: { edge: { admins: [] } }'), '7:10: hosts.edge needs "ssh": where to reach it'],
  ['ssh to this machine', withTop('hosts: { local: { ssh: a@b } }'), '7:19: hosts.local is this machine and takes no "ssh"'],
  [
    'becoming root on this machine',
    withTop('hosts: { local: { become: sudo } }'),
    '7:19: hosts.local is this machine and takes no "become": run bulkhead as root',
  ],
  [
    'becoming root in another way',
    withTop('hosts: { edge: { ssh: a@b, become: su } }'),
    '7:36: hosts.edge.become must be one of root, sudo, not "su"',
  ],
  ['a risk without an end', withTop('namedRisks: [{ item: x, tenants: [acme], risk: a, owner: b }]'), '7:14: "until" is missing in namedRisks[0]'],
  [
    'two lines where one belongs',
    TINY.replace('a@example.com', '"a\\nb"'),
    '5:24: tenants.acme.boundary.owner must be one line of text, not empty, at most 400 characters, not "a\\nb"',
  ],
] as const) {
  test(`${title} is refused where it stands`, () => refuses(source, expected));
}

for (const [title, line] of [
  ['a literal token', 'channels: { telegram: { botToken: "700000001:SECRETSECRETSECRETSECRETSECRET" } }'],
  ['a token under env', 'channels: { telegram: { botToken: { env: "700000001:SECRET" } } }'],
  ['a token as a key', 'channels: { telegram: { botToken: { "SECRET-AAA": } } }'],
  ['a key beside env', 'models: { anthropic: { apiKey: { env: A, value: SECRET } } }'],
  ['a key as a list', 'models: { anthropic: { apiKey: [SECRET] } }'],
  ['a key as a path', 'models: { anthropic: { apiKey: { file: SECRET } } }'],
  ['an address with a password', 'models: { anthropic: { apiKey: { env: A }, baseUrl: "https://u:SECRET@models.example" } }'],
  ['a token as an account', 'channels: { telegram: { botToken: { env: A }, allowFrom: ["SECRET SECRET"] } }'],
  ['a token as the bot id', 'channels: { telegram: { botToken: { env: A }, bot: "700000001:SECRET" } }'],
  ['a token with an invisible character', 'channels: { telegram: { botToken: "SECRET\\u202E" } }'],
  ['a token in the place of the channel', 'channels: { telegram: "700000001:SECRET" }'],
  ['a token in the place of all channels', 'channels: "SECRET"'],
  ['a key in the place of the provider', 'models: { anthropic: SECRET }'],
  ['a private key as recipient', 'backup: { to: /b, recipient: AGE-SECRET-KEY-1QQQ }'],
  ['a key in a config that is text', 'config: SECRET'],
  ['a literal key of an API client', 'apiClients: [{ name: a, kind: b, key: SECRET }]'],
  ['a key beside env of an API client', 'apiClients: [{ name: a, kind: b, key: { env: A, value: SECRET } }]'],
  ['an API address with a password', 'apiClients: [{ name: a, kind: b, baseUrl: "https://u:SECRET@webui.example" }]'],
  ['a token in broken YAML', 'channels: { telegram: { botToken: "SECRET } }'],
  ['a token in an alias', 'channels: { telegram: { botToken: *SECRET } }'],
] as const) {
  test(`${title} is refused without being printed`, () => {
    const problems = problemsOf(withLine(line));
    assert.ok(problems.length >= 1);
    assert.doesNotMatch(JSON.stringify(problems), /SECRET/);
  });
}

test('a secret written into the manifest says how to name it instead', () => {
  refuses(
    withLine('models: { anthropic: { apiKey: sk-1 } }'),
    '7:36: tenants.acme.models.anthropic.apiKey: a secret is never written into the manifest; write { env: NAME }, { file: /absolute/path }, { exec: [program, argument] } or { age: FILE, key: NAME }, naming where the value is kept',
  );
  refuses(
    withLine('models: { anthropic: {} }'),
    '7:26: tenants.acme.models.anthropic.apiKey is missing: write { env: NAME }, { file: /absolute/path }, { exec: [program, argument] } or { age: FILE, key: NAME }',
  );
});
