/**
 * Runs on a host as whoever runs Bulkhead (Node on standard input): gateways among its processes and its system's own units, and the accounts
 * in whose homes others may lie. Reads /proc and files of root, follows nothing that a tenant wrote, decides nothing. Source: proc(5), passwd(5).
 */
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { attempt, type Seen } from '../observe/seen.ts';
import { splitEnviron, tellVariables } from '../observe/variables.ts';
import { GATEWAY_NAME, isGatewayCommand, packageOfWord, PASSED_ON, stateOfOpenFile } from '../openclaw/discovery.ts';
import { makeMasker, type Masked, type MaskingRules } from '../openclaw/masking.ts';
import { gatewayUnits, namesIn, type UnitSeen } from './read-units.ts';

export interface MachineDiscoveryRequest {
  /** Random key of this run, hex. */
  readonly key: string;
  readonly rules: MaskingRules;
  /** Names of variables that may be told. */
  readonly visible: readonly string[];
}

export interface GatewayProcess {
  readonly pid: number;
  readonly parent: number;
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  readonly capabilities: string;
  readonly noNewPrivs: boolean;
  /** Words of its command line; none where it hides them. */
  readonly argv: readonly string[];
  readonly directory: Seen<string>;
  readonly variables: Seen<Readonly<Record<string, string | Masked>>>;
  /** What its command line selected, as its helpers were told. */
  readonly passedOn: Readonly<Record<string, string>>;
  readonly package?: string;
  /** State directories whose database it has open. */
  readonly openStates: Seen<readonly string[]>;
  readonly namespaces: Seen<Readonly<Record<string, string>>>;
  readonly ports: Seen<readonly number[]>;
  readonly unit?: string;
}

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

export interface MachineDiscovered {
  readonly hostname: string;
  readonly uid: number;
  readonly namespaces: Readonly<Record<string, string>>;
  readonly processes: Seen<readonly GatewayProcess[]>;
  /** Why processes of others may be out of sight; absent where they are not. */
  readonly hiddenProcesses?: string;
  readonly units: Seen<readonly UnitSeen[]>;
  /** Accounts with a home directory of their own. */
  readonly accounts: Seen<readonly Account[]>;
  readonly groups: Seen<readonly { readonly name: string; readonly gid: number; readonly members: readonly string[] }[]>;
  /** The directory for temporary files that all gateways of its owner share. */
  readonly common?: { readonly uid: number; readonly mode: number };
  /** Whether Podman has containers of the system here. */
  readonly podmanStorage: boolean;
}

const NAMESPACES = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'user', 'uts'];
const UNIT_DIRS = ['/etc/systemd/system', '/run/systemd/system', '/usr/local/lib/systemd/system', '/usr/lib/systemd/system', '/lib/systemd/system'];
const MOST_DESCRIPTORS = 20_000;

export async function main({ key, rules, visible }: MachineDiscoveryRequest): Promise<MachineDiscovered> {
  const masker = makeMasker(key, rules);
  const names = new Set(visible);
  const common = lstatSync('/tmp/openclaw', { throwIfNoEntry: false });
  const hidden = attempt(() => hiddenBy(readFileSync('/proc/self/mountinfo', 'utf8')));
  const reading = { masker, visible: names, home: '/root', user: 'root', mayRead: isOfRoot };
  return {
    hostname: hostname(),
    uid: process.getuid?.() ?? -1,
    namespaces: namespacesOf('self'),
    processes: attempt(() => gateways((text) => tellVariables(splitEnviron(text), names, masker))),
    ...(hidden.ok && hidden.value === undefined ? {} : { hiddenProcesses: hidden.ok ? (hidden.value ?? '') : hidden.why }),
    units: gatewayUnits(UNIT_DIRS, reading),
    accounts: attempt(() => accountsIn(readFileSync('/etc/passwd', 'utf8'))),
    groups: attempt(() => groupsIn(readFileSync('/etc/group', 'utf8'))),
    ...(common?.isDirectory() === true ? { common: { uid: common.uid, mode: common.mode & 0o7777 } } : {}),
    podmanStorage: present(() => namesIn('/var/lib/containers/storage').length > 0).includes(true),
  };
}

/** With `hidepid` a user other than root sees its own processes only. */
function hiddenBy(mountinfo: string): string | undefined {
  const proc = mountinfo.split('\n').findLast((line) => line.split(' ')[4] === '/proc');
  const option = /\bhidepid=(\w+)/.exec(proc ?? '')?.[1];
  return option === undefined || ['0', 'off'].includes(option) || process.getuid?.() === 0 ? undefined : `/proc is mounted with hidepid=${option}`;
}

/** Every directory above it and the file itself belong to root, and no link is among them. */
function isOfRoot(path: string): boolean {
  if (process.getuid?.() !== 0) return true;
  return ['/', ...[...path.matchAll(/\/[^/]+/g)].map(({ index, 0: part }) => path.slice(0, index + part.length))].every((at) => {
    const found = lstatSync(at, { throwIfNoEntry: false });
    return found === undefined || (found.uid === 0 && !found.isSymbolicLink() && (found.mode & 0o002) === 0);
  });
}

function accountsIn(passwd: string): readonly Account[] {
  return passwd.split('\n').flatMap((line) => {
    const [name = '', , uid, gid, , home = ''] = line.split(':');
    if (name === '' || !home.startsWith('/') || home === '/') return [];
    const found = lstatSync(home, { throwIfNoEntry: false });
    // The home of a system account is often a directory of root's: what lies there is root's affair.
    return found?.isDirectory() === true && found.uid === Number(uid) ? [{ name, uid: Number(uid), gid: Number(gid), home }] : [];
  });
}

function groupsIn(text: string): readonly { readonly name: string; readonly gid: number; readonly members: readonly string[] }[] {
  return text.split('\n').flatMap((line) => {
    const [name = '', , gid, members = ''] = line.split(':');
    return name === '' ? [] : [{ name, gid: Number(gid), members: members.split(',').filter((member) => member !== '') }];
  });
}

type Tell = (environ: string) => Readonly<Record<string, string | Masked>>;

function gateways(tell: Tell): readonly GatewayProcess[] {
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .toSorted((left, right) => left - right);
  const statuses = new Map(pids.flatMap((pid) => present(() => [pid, statusOf(pid)] as const)));
  const found = [...statuses].flatMap(([pid, status]) => (isGateway(pid, status) ? [pid] : []));
  if (found.length === 0) return [];
  const listening = new Map<string, Seen<ReadonlyMap<string, number>>>();
  return found.flatMap((pid) =>
    present(() => {
      const helpers = [...statuses].flatMap(([child, { parent }]) => (parent === pid ? [child] : []));
      return gatewayAt(pid, statuses.get(pid) ?? statusOf(pid), helpers, { tell, listening });
    }),
  );
}

interface Status {
  readonly name: string;
  readonly parent: number;
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  readonly capabilities: string;
  readonly noNewPrivs: boolean;
}

function statusOf(pid: number): Status {
  const lines = new Map(
    readFileSync(`/proc/${pid}/status`, 'utf8')
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const numbers = (key: string): readonly number[] =>
    (lines.get(key) ?? '')
      .split(/\s+/)
      .filter((text) => text !== '')
      .map(Number);
  return {
    name: lines.get('Name') ?? '',
    parent: numbers('PPid')[0] ?? 0,
    uid: numbers('Uid')[1] ?? -1,
    gid: numbers('Gid')[1] ?? -1,
    groups: numbers('Groups'),
    capabilities: lines.get('CapEff') ?? '',
    noNewPrivs: lines.get('NoNewPrivs') === '1',
  };
}

/** A gateway names itself; until it has, the command line of Node says so. A wrapper around it carries the same words: its child counts. */
function isGateway(pid: number, { name }: Status): boolean {
  if (name === GATEWAY_NAME) return true;
  if (!['node', 'MainThread', 'openclaw'].includes(name)) return false;
  return present(() => isGatewayCommand(wordsOf(pid))).includes(true);
}

function wordsOf(pid: number): readonly string[] {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, 200);
}

interface Around {
  readonly tell: Tell;
  /** By network namespace: socket inode → port. */
  readonly listening: Map<string, Seen<ReadonlyMap<string, number>>>;
}

function gatewayAt(pid: number, status: Status, helpers: readonly number[], { tell, listening }: Around): GatewayProcess {
  const namespaces = attempt(() => namespacesOf(pid));
  const net = namespaces.ok ? (namespaces.value['net'] ?? '') : `${pid}`;
  if (!listening.has(net))
    listening.set(
      net,
      attempt(() => listenersIn(pid)),
    );
  const sockets = listening.get(net);
  const open = attempt(() => openFiles(pid));
  const words = attempt(() => wordsOf(pid).filter((word) => word.trim() !== ''));
  const told = helpers.flatMap((helper) => present(() => [wordsOf(helper), readFileSync(`/proc/${helper}/environ`, 'utf8')] as const));
  const own = words.ok ? words.value : [];
  const unit = present(() => /\/([^/]+\.service)(?:\/|$)/m.exec(readFileSync(`/proc/${pid}/cgroup`, 'utf8'))?.[1])[0];
  const from = [...own, ...told.flatMap(([argv]) => argv)].map(packageOfWord).find((one) => one !== undefined);
  const { name: _, ...rest } = status;
  return {
    pid,
    ...rest,
    argv: own.length > 1 ? own : [],
    directory: attempt(() => readlinkSync(`/proc/${pid}/cwd`)),
    variables: attempt(() => tell(readFileSync(`/proc/${pid}/environ`, 'utf8'))),
    passedOn: Object.fromEntries(told.flatMap(([, environ]) => [...splitEnviron(environ)]).filter(([name]) => PASSED_ON.includes(name))),
    ...(from === undefined ? {} : { package: from }),
    openStates: open.ok ? { ok: true, value: [...new Set(open.value.flatMap((path) => stateOfOpenFile(path) ?? []))] } : open,
    namespaces,
    ports: !open.ok ? open : sockets?.ok === true ? { ok: true, value: portsOf(open.value, sockets.value) } : (sockets ?? { ok: false, why: '' }),
    ...(unit === undefined ? {} : { unit }),
  };
}

function openFiles(pid: number): readonly string[] {
  const names = readdirSync(`/proc/${pid}/fd`);
  if (names.length > MOST_DESCRIPTORS) throw new Error(`process ${pid} has more than ${MOST_DESCRIPTORS} open files`);
  return names.flatMap((name) => present(() => readlinkSync(`/proc/${pid}/fd/${name}`)));
}

function portsOf(open: readonly string[], sockets: ReadonlyMap<string, number>): readonly number[] {
  const ports = open.flatMap((path) => sockets.get(/^socket:\[(\d+)\]$/.exec(path)?.[1] ?? '') ?? []);
  return [...new Set(ports)].toSorted((left, right) => left - right);
}

/** Listening TCP sockets of the network namespace of a process. */
function listenersIn(pid: number): ReadonlyMap<string, number> {
  const lines = ['tcp', 'tcp6'].flatMap((table) =>
    present(() => readFileSync(`/proc/${pid}/net/${table}`, 'utf8')).flatMap((text) => text.split('\n').slice(1)),
  );
  return new Map(
    lines.flatMap((line): readonly (readonly [string, number])[] => {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      return state === '0A' ? [[inode, Number.parseInt(local.split(':')[1] ?? '', 16)]] : [];
    }),
  );
}

function namespacesOf(pid: number | 'self'): Readonly<Record<string, string>> {
  return Object.fromEntries(NAMESPACES.map((name) => [name, /\[(\d+)\]/.exec(readlinkSync(`/proc/${pid}/ns/${name}`))?.[1] ?? '']));
}

/** What ended meanwhile, or is closed to this user, gives nothing here: whoever needs it says so. */
function present<T>(look: () => T): readonly T[] {
  try {
    return [look()];
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
