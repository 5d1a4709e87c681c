/** The Debian from which test machines boot: built once per list of packages, from where this machine's own apt gets its packages. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandResult } from '../../src/core/command.ts';
import { localHost } from '../../src/hosts/local.ts';

export const CACHE = '/var/cache/bulkhead-test';
/** A server as a provider hands it over: its init, and a way in. `ip` is how the test gives it an address. */
const FRESH = ['systemd-sysv', 'dbus', 'openssh-server', 'sudo', 'iproute2'];
/** Besides that, what the rung os-user and the end-to-end tests use. */
const READY = [...FRESH, 'bubblewrap', 'nftables', 'util-linux', 'mount', 'passwd', 'perl-base', 'procps', 'curl', 'ca-certificates'];

export type MachineKind = 'fresh' | 'ready' | 'engines' | 'sandboxes';
const PACKAGES: Readonly<Record<MachineKind, readonly string[]>> = {
  fresh: FRESH,
  ready: READY,
  engines: [...READY, 'docker.io', 'podman', 'uidmap', 'runc', 'e2fsprogs'],
  sandboxes: [...READY, 'docker.io', 'runc', 'runsc'],
};
const PROXIES = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];
const BUILD_MS = 900_000;

/** systemd-nspawn binds the controllers of control groups v1 read-only, and systemd looks at them only when it starts. */
const INIT = `#!/bin/sh
for tree in memory pids cpu cpuacct cpuset devices freezer blkio; do
  if [ -d "/sys/fs/cgroup/$tree" ]; then mount -o remount,bind,rw "/sys/fs/cgroup/$tree"; fi
done
exec /lib/systemd/systemd
`;

/** Path of the root directory, built when it is not there yet (half a minute on an idle machine). */
export async function machineRoot(kind: MachineKind = 'ready'): Promise<string> {
  const { suite, sources } = await aptSources();
  const packages = PACKAGES[kind];
  const recipe = JSON.stringify([suite, sources, packages, INIT]);
  const root = join(CACHE, `machine-${createHash('sha256').update(recipe).digest('hex').slice(0, 12)}`);
  if (existsSync(root)) return root;
  mkdirSync(CACHE, { recursive: true, mode: 0o700 });
  const staging = mkdtempSync(join(CACHE, 'new-'));
  try {
    await build({ suite, sources, packages }, staging);
    renameSync(staging, root);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  return root;
}

interface Recipe {
  readonly suite: string;
  readonly sources: readonly string[];
  readonly packages: readonly string[];
}

async function build({ suite, sources, packages }: Recipe, root: string): Promise<void> {
  const options = (await aptSettings()).map((setting) => `--aptopt=${setting}`);
  const include = `--include=${packages.join(',')}`;
  await runTool('build a Debian', [
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
  // Every machine gets its own.
  for (const name of readdirSync(join(root, 'etc/ssh')).filter((file) => file.startsWith('ssh_host_'))) rmSync(join(root, 'etc/ssh', name));
}

/** How apt here reaches them. */
export async function aptSettings(): Promise<readonly string[]> {
  const { stdout } = await runTool('read how apt is set up', ['apt-config', 'dump']);
  return stdout.split('\n').flatMap((line) => (/^Acquire::(http|Check)/.test(line) ? [line.replace(/;$/, '')] : []));
}

/** The distribution's own archives, as apt here knows them. */
export async function aptSources(): Promise<{ readonly suite: string; readonly sources: readonly string[] }> {
  const format = '$(ORIGIN) $(RELEASE) $(COMPONENT) $(REPO_URI)';
  const { stdout } = await runTool('ask apt for its sources', ['apt-get', 'indextargets', '--format', format, 'Created-By: Packages']);
  const targets = stdout.split('\n').map((line) => line.split(' '));
  const own = targets.filter(([origin, , component]) => (origin === 'Debian' || origin === 'Ubuntu') && component === 'main');
  const suite = own[0]?.[1];
  if (suite === undefined) throw new Error('apt here knows no archive of Debian or Ubuntu (apt-get indextargets): run apt-get update');
  return { suite, sources: own.map(([, release = '', component = '', uri = '']) => `deb ${uri} ${release} ${component}`) };
}

export async function runTool(title: string, argv: readonly [string, ...string[]]): Promise<CommandResult> {
  const result = await localHost().run({ title, argv, timeoutMs: BUILD_MS, passEnvironment: PROXIES }, new AbortController().signal);
  if (result.exit !== 0) throw new Error(`could not ${title}: ${result.timedOut ? 'it took too long' : result.stderr.slice(-1000)}`);
  return result;
}
