/** Leaks of the boundary itself: its mounts, control groups, firewall and the environment that its gateway is started with. */
import { once } from 'node:events';
import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { testInstall } from '../support/requires.ts';
import type { Leak } from './leak.ts';
import { all, program } from './plant.ts';
import { TENANTS, type Client, type World } from './world.ts';

export const boundary: readonly Leak[] = [
  {
    pain: 'the socket of a container engine inside a boundary',
    id: 'container.socket-mounted',
    plant: async (here) => {
      const listen = `require('net').createServer((socket) => socket.end()).listen('/run/docker.sock', () => {
        require('fs').chmodSync('/run/docker.sock', 0o666); console.log('up') })`;
      return inside(here, 'acme', [testInstall().node, '-e', listen], '/run/docker.sock');
    },
  },
  {
    pain: 'two tenants on the /tmp of the host, where somebody else holds a name that a gateway needs',
    id: 'tmp.squat',
    also: ['tmp.lock-squat', 'tmp.name-squat', 'tmp.read'],
    by: 'attacks',
    plant: async (here) => {
      // What the gateways leave in the /tmp of the host is theirs by name.
      const made = TENANTS.map((tenant) => lstatSync(here.path(tenant)).uid).flatMap((uid) => [
        `/tmp/openclaw-state-locks-${uid}`,
        `/tmp/openclaw-${uid}`,
      ]);
      const undos = [await mountInto(here, 'acme', '/tmp', '/tmp'), await mountInto(here, 'globex', '/tmp', '/tmp')];
      return all([() => here.host('rm', '-rf', ...made), ...undos]);
    },
  },
  {
    pain: 'a gateway moved out of its control group, so without limits',
    id: 'os.cgroup-limits-missing',
    lesser: true,
    plant: async (here) => {
      const pid = await here.gateway('acme');
      const own = groupsOf(pid);
      for (const { root } of own) writeFileSync(`${root}/cgroup.procs`, String(pid));
      return async () => {
        for (const { root, path } of own) writeFileSync(`${root}${path}/cgroup.procs`, String(pid));
      };
    },
  },
  ...(
    [
      [
        'every way out of the boundaries open, from one to the other too',
        (table) => [
          ['flush', 'chain', 'inet', table, 'egress'],
          ['add', 'rule', 'inet', table, 'egress', 'accept'],
        ],
      ],
      [
        'the metadata address of a cloud let through',
        (table) => [['add', 'element', 'inet', table, 'allow', `{ "${table}-acme" . 169.254.169.254 . tcp . 80 }`]],
      ],
      ['services of the host let through', (table) => [['insert', 'rule', 'inet', table, 'input', 'iifname', `${table}-acme`, 'accept']]],
    ] satisfies readonly (readonly [string, (table: string) => readonly (readonly string[])[]])[]
  ).map(([pain, change]): Leak => ({
    pain,
    id: 'net.egress-unrestricted',
    also: ['supervisor.silent'],
    alone: true,
    lesser: true,
    plant: async (here) => {
      endSupervisor(here);
      for (const words of change(here.instance)) await here.host('nft', ...words);
      return async () => {
        const { exit, stderr } = await here.bulkhead('apply', '--json');
        if (exit !== 0) throw new Error(`apply did not bring it back: ${stderr}`);
      };
    },
  })),
  {
    pain: 'a gateway started from a shell that had another tenant’s OPENCLAW_ variables',
    id: 'env.leaked-inherit',
    also: ['config.cross-reference'],
    alone: true,
    plant: (here) => startedWith(here, 'acme', `OPENCLAW_AGENT_DIR=${here.path('globex', 'state/agents/main/agent')}`),
  },
];

/** Runs a program in the mount namespace of a gateway, as root, until it is undone; then `leftover` is removed there. */
async function inside(here: World, tenant: Client, argv: readonly string[], leftover: string): Promise<() => Promise<unknown>> {
  const enter = ['nsenter', '-t', String(await here.gateway(tenant)), '--mount', '--'] as const;
  const end = await program([...enter, ...argv]);
  return all([() => here.host(...enter, 'rm', '-f', leftover), end]);
}

/** setns(2), then the call that is given: no program opens a directory among the host's mounts and puts it among those of another namespace. */
const IN_MOUNTS_OF = `my $x86 = (POSIX::uname())[4] eq 'x86_64'; my $pid = shift @ARGV;
sub enter { open(my $space, '<', "/proc/$pid/ns/mnt") or die "$pid: $!\\n"; syscall($x86 ? 308 : 268, fileno($space), 0x20000) == 0 or die "setns: $!\\n" }`;
/** open_tree(2) and move_mount(2), numbered alike on all machines. */
const MOUNT = `my ($source, $target) = @ARGV; my $none = ''; my $tree = syscall(428, -100, $source, 1); $tree >= 0 or die "open_tree: $!\\n";
enter(); syscall(429, $tree, $none, -100, $target, 4) == 0 or die "move_mount: $!\\n";`;
/** umount2(2) with MNT_DETACH: by now the gateway has files open there. */
const UNMOUNT = `my ($target) = @ARGV; enter(); syscall($x86 ? 166 : 39, $target, 2) == 0 or die "umount2: $!\\n";`;

/** Mounts a directory of the host over one inside a boundary. */
export async function mountInto(here: World, tenant: Client, source: string, target: string): Promise<() => Promise<unknown>> {
  const pid = String(await here.gateway(tenant));
  const perl = (program: string, ...args: readonly string[]): Promise<unknown> =>
    here.host('perl', '-MPOSIX', '-e', `${IN_MOUNTS_OF}\n${program}`, pid, ...args);
  await perl(MOUNT, source, target);
  return () => perl(UNMOUNT, target);
}

/** Mount point of each hierarchy that holds the process in a group, and the group. */
function groupsOf(pid: number): readonly { readonly root: string; readonly path: string }[] {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  return readFileSync(`/proc/${pid}/cgroup`, 'utf8')
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [, names = '', path = '/'] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
      const type = names === '' ? ' - cgroup2 ' : ' - cgroup ';
      const mount = mounts.find((one) => one.includes(type) && (names === '' || one.split(',').includes(names.split(',')[0] ?? '')));
      return path === '/' || mount === undefined ? [] : [{ root: mount.split(' ')[4] ?? '', path }];
    });
}

/** Ends what puts the rules back within two seconds: the supervisor, and before it what waits to take its place. `apply` starts it again. */
function endSupervisor({ stateDir }: World): void {
  const program = join(stateDir, 'supervisor/program/daemon.mjs');
  const found = readdirSync('/proc').flatMap((name) => {
    try {
      const [first = '', ...words] = /^\d+$/.test(name) ? readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0') : [];
      return words.includes(program) ? [{ pid: Number(name), waits: first === 'flock' }] : [];
    } catch {
      return []; // it has ended since
    }
  });
  if (found.length === 0) throw new Error('no supervisor runs');
  for (const { pid } of found.toSorted((one, other) => Number(other.waits) - Number(one.waits))) process.kill(pid, 'SIGKILL');
}

/** The gateway of a tenant, started anew with one more variable, as if its service had been edited by hand. */
async function startedWith(here: World, tenant: Client, variable: string): Promise<() => Promise<unknown>> {
  const file = join(here.stateDir, 'supervisor/services', `${here.instance}-${tenant}.json`);
  const before = readFileSync(file, 'utf8');
  const definition = JSON.parse(before) as { argv: string[] };
  definition.argv.splice(definition.argv.lastIndexOf('-i') + 1, 0, variable);
  const start = async (text: string): Promise<void> => {
    const pid = await here.gateway(tenant);
    writeFileSync(file, text);
    const socket = connect(`/run/bulkhead/${here.instance}/supervisor.sock`);
    socket.write('{"op":"reload"}\n');
    await once(socket.resume(), 'close');
    await here.startsAgain(tenant, pid);
  };
  await start(JSON.stringify(definition));
  return () => start(before);
}
