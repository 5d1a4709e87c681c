/** The Debian from which test machines boot: built once per list of packages, from where this machine's own apt gets its packages. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandResult } from '../../src/core/command.ts';
import { localHost } from '../../src/hosts/local.ts';

const CACHE = '/var/cache/bulkhead-test';
/** Its init, and what the rung os-user and the end-to-end tests use. */
const PACKAGES = [
  'systemd-sysv',
  'dbus',
  'bubblewrap',
  'nftables',
  'iproute2',
  'util-linux',
  'mount',
  'passwd',
  'perl-base',
  'procps',
  'curl',
  'ca-certificates',
];
const PROXIES = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];
const BUILD_MS = 900_000;

/** systemd-nspawn binds the controllers of control groups v1 read-only, and systemd looks at them only when it starts. */
const INIT = `#!/bin/sh
for tree in memory pids cpu cpuacct; do
  if [ -d "/sys/fs/cgroup/$tree" ]; then mount -o remount,bind,rw "/sys/fs/cgroup/$tree"; fi
done
exec /lib/systemd/systemd
`;

/** Path of the root directory, built when it is not there yet (half a minute on an idle machine). */
export async function machineRoot(): Promise<string> {
  const { suite, sources } = await aptSources();
  const recipe = JSON.stringify([suite, sources, PACKAGES, INIT]);
  const root = join(CACHE, `machine-${createHash('sha256').update(recipe).digest('hex').slice(0, 12)}`);
  if (existsSync(root)) return root;
  mkdirSync(CACHE, { recursive: true, mode: 0o700 });
  const staging = mkdtempSync(join(CACHE, 'new-'));
  try {
    await build(suite, sources, staging);
    renameSync(staging, root);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  return root;
}

async function build(suite: string, sources: readonly string[], root: string): Promise<void> {
  const settings = (await run('read how apt is set up', ['apt-config', 'dump'])).stdout
    .split('\n')
    .filter((line) => /^Acquire::(http|Check)/.test(line));
  const options = settings.map((setting) => `--aptopt=${setting.replace(/;$/, '')}`);
  const include = `--include=${PACKAGES.join(',')}`;
  await run('build a Debian', [
    'mmdebstrap',
    '--quiet',
    '--variant=minbase',
    '--dpkgopt=force-unsafe-io',
    include,
    ...options,
    suite,
    root,
    ...sources,
  ]);
  writeFileSync(join(root, 'machine-init'), INIT, { mode: 0o755 });
}

/** The distribution's own archives, as apt here knows them. */
async function aptSources(): Promise<{ readonly suite: string; readonly sources: readonly string[] }> {
  const format = '$(ORIGIN) $(RELEASE) $(COMPONENT) $(REPO_URI)';
  const { stdout } = await run('ask apt for its sources', ['apt-get', 'indextargets', '--format', format, 'Created-By: Packages']);
  const targets = stdout.split('\n').map((line) => line.split(' '));
  const own = targets.filter(([origin, , component]) => (origin === 'Debian' || origin === 'Ubuntu') && component === 'main');
  const suite = own[0]?.[1];
  if (suite === undefined) throw new Error('apt here knows no archive of Debian or Ubuntu (apt-get indextargets): run apt-get update');
  return { suite, sources: own.map(([, release = '', component = '', uri = '']) => `deb ${uri} ${release} ${component}`) };
}

async function run(title: string, argv: readonly [string, ...string[]]): Promise<CommandResult> {
  const result = await localHost().run({ title, argv, timeoutMs: BUILD_MS, passEnvironment: PROXIES }, new AbortController().signal);
  if (result.exit !== 0) throw new Error(`could not ${title}: ${result.timedOut ? 'it took too long' : result.stderr.slice(-1000)}`);
  return result;
}
