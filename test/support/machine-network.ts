/** Machines on a network of their own, reached over ssh as an operator reaches servers: own keys, own known hosts, own config for ssh. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandResult } from '../../src/core/command.ts';
import { localHost } from '../../src/hosts/local.ts';
import { bootMachine, MACHINE_PROGRAMS, type Binds, type Machine, type MachineOptions } from './machine.ts';
import { SSHD_PROGRAMS } from './sshd.ts';

export const NETWORK_PROGRAMS = [...MACHINE_PROGRAMS, ...SSHD_PROGRAMS, 'nft'] as const;

export interface NetworkedMachine extends Machine {
  /** IPv4 on the machines' network. */
  readonly address: string;
  /** Pulls its cable, and puts it back. Survives a reboot. */
  unplug(): Promise<void>;
  plug(): Promise<void>;
}

interface NetworkedOptions extends Pick<MachineOptions, 'kind' | 'disks' | 'loops'> {
  readonly binds?: Binds;
}

export interface MachineNetwork {
  /** For `ssh -F`, i.e. BULKHEAD_SSH_CONFIG: each machine by its name, as root; `ops@NAME` may sudo without a password. */
  readonly config: string;
  /** The operator's own address on it. */
  readonly address: string;
  boot(name: string, options?: NetworkedOptions): Promise<NetworkedMachine>;
  /** Ends its machines too. */
  end(): Promise<void>;
}

const PREFIX = 'bhm';

/** Nothing of it is forwarded anywhere, whatever else on this machine forwards. */
export async function startMachineNetwork(): Promise<MachineNetwork> {
  await sweep();
  const bridge = `${PREFIX}${process.pid}`;
  const net = freeNet();
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-network-'));
  const at = (name: string): string => join(folder, name);
  await run(['ip', 'link', 'add', bridge, 'type', 'bridge']);
  await run(['ip', 'addr', 'add', `${net}.1/24`, 'dev', bridge]);
  await run(['ip', 'link', 'set', bridge, 'up']);
  const closed = `table inet ${bridge} {\n chain forward {\n  type filter hook forward priority -200; policy accept;\n  iifname "${bridge}" drop\n  oifname "${bridge}" drop\n }\n}\n`;
  await run(['nft', '-f', '-'], closed);
  await keygen(at('client'));
  writeFileSync(at('known'), '');
  writeFileSync(at('config'), '');
  const machines: Machine[] = [];
  return {
    config: at('config'),
    address: `${net}.1`,
    boot: async (name, { binds = {}, ...options } = {}) => {
      const address = `${net}.${machines.length + 2}`;
      const { files, line } = await identity(name, address, at);
      writeFileSync(at('known'), readFileSync(at('known'), 'utf8') + line);
      writeFileSync(at('config'), readFileSync(at('config'), 'utf8') + entry(name, address, at));
      const wires = wiresOf(bridge, machines.length);
      const machine = await bootMachine(binds, { ...options, files, uplink: { address: `${address}/24`, gateway: `${net}.1`, join: wires.join } });
      machines.push(machine);
      await addOperator(machine, at);
      await answers(at('config'), name);
      return { ...machine, address, unplug: wires.unplug, plug: wires.plug };
    },
    end: async () => {
      for (const machine of machines) await machine.end();
      await remove(bridge);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A machine's end is called eth0, ours after the bridge; a boot brings a new one. */
function wiresOf(bridge: string, machine: number): { join(holder: number): Promise<void>; unplug(): Promise<void>; plug(): Promise<void> } {
  let boots = 0;
  let pulled = false;
  const wire = (): string => `${bridge}${String.fromCharCode(97 + machine)}${boots}`;
  const set = (state: string) => run(['ip', 'link', 'set', wire(), state]);
  return {
    join: async (holder) => {
      boots += 1;
      await run(['ip', 'link', 'add', wire(), 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(holder)]);
      await run(['ip', 'link', 'set', wire(), 'master', bridge]);
      if (!pulled) await set('up');
    },
    unplug: async () => {
      pulled = true;
      await set('down');
    },
    plug: async () => {
      pulled = false;
      await set('up');
    },
  };
}

/** What makes it a machine of its own: name, id and host key; and who is let in. */
async function identity(name: string, address: string, at: (name: string) => string) {
  const key = at(`host-${name}`);
  await keygen(key);
  const publicKey = readFileSync(`${key}.pub`, 'utf8');
  const files = {
    '/etc/hostname': { text: `${name}\n`, mode: 0o644 },
    // sudo asks for its own name, and would wait for a server of names that is not there.
    '/etc/hosts': { text: `127.0.0.1 localhost\n127.0.1.1 ${name}\n`, mode: 0o644 },
    '/etc/machine-id': { text: `${randomBytes(16).toString('hex')}\n`, mode: 0o444 },
    '/etc/ssh/ssh_host_ed25519_key': { text: readFileSync(key, 'utf8'), mode: 0o600 },
    '/etc/ssh/ssh_host_ed25519_key.pub': { text: publicKey, mode: 0o644 },
    '/root/.ssh/authorized_keys': { text: readFileSync(at('client.pub'), 'utf8'), mode: 0o600 },
    '/etc/sudoers.d/ops': { text: 'ops ALL=(ALL) NOPASSWD: ALL\n', mode: 0o440 },
  };
  return { files, line: `${address} ${publicKey}` };
}

async function addOperator(machine: Machine, at: (name: string) => string): Promise<void> {
  const done = async (...argv: [string, ...string[]]): Promise<void> => {
    const { exit, stderr } = await machine.run(argv);
    if (exit !== 0) throw new Error(`${argv.join(' ')}: ${stderr}`);
  };
  await done('useradd', '--create-home', '--shell', '/bin/bash', 'ops');
  await done('install', '-d', '-o', 'ops', '-g', 'ops', '-m', '0700', '/home/ops/.ssh');
  await machine.write('/home/ops/.ssh/authorized_keys', readFileSync(at('client.pub'), 'utf8'));
  await done('chown', 'ops:ops', '/home/ops/.ssh/authorized_keys');
}

function entry(name: string, address: string, at: (name: string) => string): string {
  return `Host ${name}
  HostName ${address}
  User root
  IdentityFile ${at('client')}
  UserKnownHostsFile ${at('known')}
  GlobalKnownHostsFile none
  IdentitiesOnly yes
  IdentityAgent none

`;
}

/** sshd is up a moment after the machine is. */
async function answers(config: string, name: string): Promise<void> {
  const argv = ['ssh', '-F', config, '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=yes', '-o', 'ConnectTimeout=5', name, 'true'] as const;
  for (let tries = 0; ; tries += 1) {
    const { exit, stderr } = await localHost().run({ title: 'log in', argv }, never);
    if (exit === 0) return;
    if (tries > 100) throw new Error(`${name} does not let us in: ${stderr}`);
    await sleep(200);
  }
}

const never = new AbortController().signal;

async function run(argv: readonly [string, ...string[]], stdin = ''): Promise<CommandResult> {
  const result = await localHost().run({ title: argv.join(' '), argv, stdin }, never);
  if (result.exit !== 0) throw new Error(`${argv.join(' ')}: ${result.stderr}`);
  return result;
}

async function keygen(path: string): Promise<void> {
  await run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'bulkhead-test', '-f', path]);
}

/** The first two octets are nobody's here; the third must not be in use. */
function freeNet(): string {
  const used = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
  for (let step = 0; step < 256; step += 1) {
    const net = `10.251.${(process.pid + step) % 256}`;
    if (!used.some((address) => address.startsWith(`${net}.`))) return net;
  }
  throw new Error('no network is free in 10.251.0.0/16');
}

async function remove(bridge: string): Promise<void> {
  await run(['nft', '-f', '-'], `table inet ${bridge} {}\ndelete table inet ${bridge}\n`);
  if (existsSync(`/sys/class/net/${bridge}`)) await run(['ip', 'link', 'del', bridge]);
}

/** Networks of test runs that were killed. */
async function sweep(): Promise<void> {
  const { stdout } = await run(['ip', '-j', 'link', 'show', 'type', 'bridge']);
  for (const { ifname = '' } of JSON.parse(stdout || '[]') as readonly { readonly ifname?: string }[]) {
    const pid = new RegExp(`^${PREFIX}(\\d+)$`).exec(ifname)?.[1];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) await remove(ifname);
  }
}
