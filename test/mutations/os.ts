/** Leaks by way of the operating system: accounts, services, surroundings of a gateway, install, code, containers, logs and backups. */
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { known, type Facts, type TenantFacts } from '../../src/core/facts.ts';
import { observedFacts, withConfig, withConfigs, withPaths } from '../../src/checks/testing/clean-facts.ts';
import { inContainer, partly, withHost } from '../../src/checks/testing/clean-os-facts.ts';
import { declaredHosts } from './declared-hosts.ts';
import type { Mutation } from './mutation.ts';
import { accounts, code, inspected, places } from './on-disk.ts';
const KEY = `ssh-ed25519 ${Buffer.alloc(51, 7).toString('base64')}`;
const keys = (files: Readonly<Record<string, string>>): Promise<Facts> =>
  code(
    (root) => Object.entries(files).forEach(([name, text]) => writeFileSync(join(root, name), text)),
    () => ({}),
  );
const skills = (make: (root: string) => void): Promise<Facts> =>
  code(make, (folder) => ({ roots: [{ kind: 'skills', from: 'config:skills.load.extraDirs[0]', path: join(folder, 'skills') }] }));
const plugins = (make: (root: string) => void): Promise<Facts> =>
  code(make, (folder) => ({ roots: [{ kind: 'plugins', from: 'default', path: join(folder, 'npm') }] }));
const process = (change: Partial<NonNullable<Extract<TenantFacts['process'], { known: true }>['value']>>) => {
  return ({ process: seen }: TenantFacts): Partial<TenantFacts> =>
    seen.known && seen.value !== null
      ? { process: known({ ...seen.value, ...change, namespaces: { ...seen.value.namespaces, ...change.namespaces } }, 'test') }
      : {};
};
const both = (change: (tenant: TenantFacts) => Partial<TenantFacts>): Facts => observedFacts({}, { acme: change, globex: change });
const surroundings = (change: Parameters<typeof partly<'surroundings'>>[1]): Facts => both(partly('surroundings', change));
const oneRole = (role: string, change: { readonly real?: string; readonly identity?: string; readonly mode?: number; readonly uid?: number }) =>
  withPaths((path) => (path.role === role ? { ...path, ...change } : path));
const IN_PID_NAMESPACE = process({ namespaces: { pid: '3' } });
const cron = (line: string): Facts =>
  accounts({ jobs: [{ where: '/etc/cron.d/openclaw:1', user: 'root', mentions: true, selects: line.includes('OPENCLAW_STATE_DIR=') }] });

export const os: readonly Mutation[] = [
  {
    id: 'os.shared-uid',
    disguise: 'by the process alone',
    also: ['audit.not-inside', 'boundary.declared-vs-running', 'log.readable', 'port.listener-owner'],
    facts: () => observedFacts({}, { acme: process({ uid: 1002 }) }),
  },
  {
    id: 'os.root',
    disguise: 'by the process alone',
    also: ['audit.not-inside', 'boundary.declared-vs-running', 'port.listener-owner'],
    facts: () => observedFacts({}, { acme: process({ uid: 0 }) }),
  },
  { id: 'os.shared-group', disguise: 'in the group file', facts: () => accounts({ group: 'bots:x:60:bh-acme,bh-globex\n' }) },
  { id: 'os.shared-group', disguise: 'from the name service only', facts: () => accounts({ group: 'bots:x:60:bh-acme\n\nbots:x:60:bh-globex\n' }) },
  {
    id: 'os.shared-group',
    disguise: 'as the primary group',
    facts: () => accounts({ passwd: 'bh-acme:x:1001:60::/t:/x\nbh-globex:x:1002:60::/t:/x\n', group: 'bots:x:60:\n' }),
  },
  {
    id: 'os.shared-group',
    disguise: 'in the running process only',
    also: ['boundary.rung-not-reached'],
    facts: () => both(process({ groups: [60] })),
  },
  { id: 'os.privileged-group', disguise: 'docker', also: ['host.admins'], facts: () => accounts({ group: 'docker:x:105:bh-acme\n' }) },
  ...[
    'bh-acme ALL=(ALL) NOPASSWD: ALL',
    '#1001 ALL=(root) /bin/x',
    '%bh-acme \\\n ALL = ALL',
    'User_Alias BOTS = bh-acme\nBOTS ALL=(ALL) ALL',
    'ALL ALL=(ALL) ALL',
  ].map((text): Mutation => ({
    id: 'os.privileged-group',
    disguise: `sudoers: ${text}`,
    facts: () => accounts({ sudoers: [{ path: '/etc/sudoers.d/x', text }] }),
  })),
  {
    id: 'os.privileged-group',
    disguise: 'a rule of polkit',
    facts: () => accounts({ polkit: [{ path: '/etc/polkit-1/rules.d/x.rules', text: "if (subject.user == 'bh-acme') return polkit.Result.YES" }] }),
  },
  { id: 'os.shared-home', disguise: 'one inode under two names', facts: () => both(oneRole('home', { identity: '1:777' })) },
  {
    id: 'os.login-shell-sharing',
    disguise: 'under another comment',
    facts: () => keys({ 'acme/.ssh/authorized_keys': `${KEY} one\n`, 'globex/.ssh/authorized_keys': `from="10.0.0.0/8" ${KEY} two` }),
  },
  {
    id: 'os.login-shell-sharing',
    disguise: 'one lets in what the other holds',
    facts: () => keys({ 'acme/.ssh/authorized_keys2': KEY, 'globex/.ssh/id': '', 'globex/.ssh/id.pub': KEY }),
  },
  {
    id: 'os.login-shell-sharing',
    disguise: 'root of another machine lets it in',
    facts: async () => {
      const facts = await keys({ 'acme/.ssh/id': '', 'acme/.ssh/id.pub': KEY });
      const held = facts.tenants.flatMap(({ loginKeys }) => (loginKeys.known ? loginKeys.value : []));
      const rootKeys = held.map(({ fingerprint }) => ({ kind: 'accepts' as const, fingerprint, location: '/root/.ssh/authorized_keys:1' }));
      const away = withHost(facts, { accounts: { rootKeys } }).hosts.map((host) => ({ ...host, host: 'edge-1', admins: [] }));
      return { ...facts, hosts: [...facts.hosts, ...away] };
    },
  },
  { id: 'os.login-shell-sharing', disguise: 'one file for all accounts', facts: () => accounts({ sshd: ['authorizedkeysfile /etc/ssh/keys'] }) },
  { id: 'os.proc-visible', disguise: 'no hidepid', also: ['audit.not-inside', 'boundary.rung-not-reached'], facts: () => both(IN_PID_NAMESPACE) },
  {
    id: 'os.proc-visible',
    disguise: 'hidepid=1',
    also: ['audit.not-inside', 'boundary.rung-not-reached'],
    facts: () => both((tenant) => ({ ...IN_PID_NAMESPACE(tenant), ...partly('surroundings', { hidepid: '1' })(tenant) })),
  },
  {
    id: 'os.ptrace',
    disguise: 'a kernel without Yama',
    also: [
      'audit.not-inside',
      'boundary.declared-vs-running',
      'boundary.rung-not-reached',
      'log.readable',
      'os.proc-visible',
      'os.shared-uid',
      'port.listener-owner',
    ],
    facts: () => withHost(both(process({ uid: 1001, namespaces: { pid: '3' } })), { machine: { ptraceScope: 'absent' } }),
  },
  {
    id: 'os.systemd-unit-shared',
    disguise: 'OpenClaw’s own name for it',
    facts: () => both(partly('service', { unit: 'openclaw-gateway.service' })),
  },
  {
    id: 'os.systemd-unit-shared',
    disguise: 'a drop-in for everybody',
    facts: () =>
      observedFacts({}, { acme: partly('service', { places: [{ path: '/etc/systemd/system/bh-.service.d/x.conf', uid: 0, gid: 0, mode: 0o646 }] }) }),
  },
  { id: 'os.cgroup-limits-missing', disguise: 'process numbers only', facts: () => surroundings({ pids: null }) },
  { id: 'os.linger-cron', disguise: 'cron.d without a state directory', facts: () => cron('* * * * * root openclaw doctor') },
  {
    id: 'os.linger-cron',
    disguise: 'an at job of the tenant',
    facts: () => accounts({ jobs: [{ where: '/var/spool/cron/atjobs/a', uid: 1001, mentions: false, selects: false }] }),
  },
  { id: 'os.linger-cron', disguise: 'lingering', facts: () => accounts({ lingering: ['bh-globex'] }) },
  {
    id: 'tmp.root-shared',
    disguise: 'a bind mount',
    facts: () => both((tenant) => withPaths((path) => (path.role === 'tmp' ? { ...path, backing: '254:0:/srv/tmp' } : path))(tenant)),
    also: ['path.bind-mount'],
  },
  {
    id: 'tmp.squat',
    disguise: 'the host’s /tmp, the name free',
    facts: () => observedFacts({}, { acme: partly('surroundings', { tmp: '254:1:/tmp', takenNames: [{ path: '/tmp/openclaw-1001', uid: null }] }) }),
  },
  {
    id: 'tmp.squat',
    disguise: 'taken by the neighbour',
    facts: () => observedFacts({}, { acme: partly('surroundings', { tmp: '254:1:/tmp', takenNames: [{ path: '/tmp/openclaw-1001', uid: 1002 }] }) }),
  },
  { id: 'tmp.dev-shm', disguise: 'the host’s', facts: () => surroundings({ shm: '0:22:/' }) },
  { id: 'tmp.compile-cache-shared', disguise: 'open to others', facts: () => observedFacts({}, { acme: oneRole('compile-cache', { mode: 0o777 }) }) },
  {
    id: 'tmp.compile-cache-shared',
    disguise: 'owned by the neighbour',
    facts: () => observedFacts({}, { acme: oneRole('compile-cache', { uid: 1002 }) }),
  },
  {
    id: 'install.shared-writable',
    disguise: 'one file for everybody',
    facts: () => places((root) => (writeFileSync(join(root, 'oc/x.mjs'), ''), chmodSync(join(root, 'oc/x.mjs'), 0o666))),
  },
  { id: 'install.shared-writable', disguise: 'a directory above it', facts: () => places((root) => chmodSync(root, 0o777)) },
  {
    id: 'install.shared-readonly',
    disguise: 'adversaries',
    also: ['host.shared-kernel', 'boundary.rung-too-low'],
    facts: () => observedFacts({ trust: { default: 'adversarial', relations: [] } }),
  },
  {
    id: 'plugin.cache-shared',
    disguise: 'through a symlink',
    facts: () =>
      plugins(
        (root) => (mkdirSync(join(root, 'acme/npm')), chmodSync(join(root, 'acme/npm'), 0o777), symlinkSync('../acme/npm', join(root, 'globex/npm'))),
      ),
  },
  {
    id: 'plugin.cache-shared',
    disguise: 'by the environment',
    facts: () => {
      const cache = () => ({
        codeRoots: known([{ kind: 'cache' as const, from: 'env:npm_config_cache', declared: '/srv/npm', real: '/srv/npm' }], 'test'),
      });
      return both(cache);
    },
  },
  {
    id: 'plugin.hardcoded-home',
    disguise: 'of one user',
    facts: () =>
      plugins(
        (root) => (
          mkdirSync(join(root, 'acme/npm/p'), { recursive: true }),
          writeFileSync(join(root, 'acme/npm/p/x.cjs'), 'open("/home/dev/.openclaw/a")')
        ),
      ),
  },
  {
    id: 'skills.shared-dir',
    disguise: 'through a symlink',
    facts: () =>
      skills(
        (root) => (
          mkdirSync(join(root, 'common')),
          symlinkSync('../common', join(root, 'acme/skills')),
          symlinkSync(join(root, 'common'), join(root, 'globex/skills'))
        ),
      ),
  },
  {
    id: 'skills.shared-dir',
    disguise: 'declared with more slashes',
    facts: () =>
      declaredHosts({
        acme: '    config: { skills: { load: { extraDirs: ["/srv/skills/"] } } }',
        globex: '    config: { skills: { load: { extraDirs: ["/srv//skills"] } } }',
      }),
  },
  {
    id: 'container.socket-mounted',
    disguise: 'a socket that may be opened',
    facts: () => observedFacts({}, { acme: partly('surroundings', { engineSockets: ['/run/docker.sock'] }) }),
  },
  {
    id: 'container.socket-mounted',
    disguise: 'the root of the host, as Docker printed it',
    also: ['container.privileged', 'container.image-mutable', 'net.container-network-shared'],
    facts: () => inspected('docker-open'),
  },
  {
    id: 'container.privileged',
    disguise: 'no seccomp and a capability, as Docker printed it',
    also: ['container.image-mutable'],
    facts: () => inspected('docker-unconfined'),
  },
  {
    id: 'container.port-published',
    disguise: 'without an address, as Docker prints it',
    facts: () => observedFacts({}, { acme: inContainer({ published: [{ address: '', port: '37401' }] }) }),
  },
  { id: 'container.image-mutable', disguise: 'a tag with a version, as Docker printed it', facts: () => inspected('docker-cell') },
  {
    id: 'container.runtime-effective',
    disguise: 'a runtime called runsc that starts runc, in a container as Docker printed it',
    also: ['container.image-mutable'],
    facts: () => {
      const facts = inspected('docker-cell');
      return {
        ...facts,
        tenants: facts.tenants.map((tenant) =>
          tenant.container.known && tenant.container.value !== null
            ? { ...tenant, container: known({ ...tenant.container.value, runtime: 'runsc' }, 'test') }
            : tenant,
        ),
      };
    },
  },
  {
    id: 'container.same-host-uid',
    disguise: 'fleet cells of one user',
    also: ['audit.not-inside', 'boundary.declared-vs-running', 'os.shared-uid', 'port.listener-owner'],
    facts: () => both((tenant) => ({ ...inContainer({})(tenant), ...process({ uid: 1000 })(tenant) })),
  },
  {
    id: 'container.sandbox-prefix',
    disguise: 'scope shared',
    also: ['policy.sandbox-unreachable'],
    facts: () => withConfigs({ agents: { defaults: { sandbox: { mode: 'all', scope: 'shared' } } } }),
  },
  ...['/t/globex/workspace:/w', '/t/acme/../globex/state:/s:ro', '/t:/all', '~/x:/x'].map((bind): Mutation => ({
    id: 'container.sandbox-bind',
    disguise: bind,
    also: ['config.cross-reference'],
    facts: () => withConfig({ agents: { defaults: { sandbox: { docker: { binds: [bind] } } } } }, { OPENCLAW_HOME: '/t/globex/home' }),
  })),
  { id: 'host.admins', disguise: 'an account of sudo that nobody named', facts: () => ({ ...accounts({ group: 'sudo:x:27:eve\n' }), risks: [] }) },
  {
    id: 'host.admins',
    disguise: 'a member of a tenant, in other letters',
    facts: () => ({ ...declaredHosts({ members: '"Ops@Host.test "' }), risks: [] }),
  },
  {
    id: 'host.remote-mgmt',
    disguise: 'an agent of the cloud',
    also: ['host.admins'],
    facts: () => ({ ...withHost(observedFacts(), { machine: { managementAgents: ['waagent'] } }), risks: [] }),
  },
  {
    id: 'host.shared-kernel',
    disguise: 'two names of one machine',
    also: ['install.shared-readonly', 'boundary.rung-too-low'],
    facts: () => observedFacts({ trust: { default: 'adversarial', relations: [] } }),
  },
];
