/** A real sshd on this machine's loopback, with keys, known hosts and a config for ssh of its own, in a folder that goes with it. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { localHost } from '../../src/hosts/local.ts';

export const SSHD_PROGRAMS = ['sshd', 'ssh', 'ssh-keygen'] as const;

export interface Sshd {
  /**
   * For `ssh -F`: `edge` leads here as root; `stranger` too, with no host key known; `changed` with another; `nobody-known` with a key that is not
   * let in; behind `closed` nobody listens; `jumped` is reached through `edge`.
   */
  readonly config: string;
  readonly port: number;
  readonly folder: string;
  /** Ends the processes that serve connections, as a cable that is pulled does; new connections are taken. */
  cut(): Promise<void>;
  end(): Promise<void>;
}

export async function startSshd(): Promise<Sshd> {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-sshd-'));
  const at = (name: string): string => join(folder, name);
  for (const key of ['host', 'client', 'other']) await run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', key, '-f', at(key)]);
  const port = await freePort();
  writeFileSync(at('authorized'), readFileSync(at('client.pub')));
  const [type, key] = readFileSync(at('host.pub'), 'utf8').split(' ');
  writeFileSync(at('known'), `[127.0.0.1]:${port} ${type} ${key}\n`);
  writeFileSync(at('changed'), `[127.0.0.1]:${port} ${readFileSync(at('other.pub'), 'utf8')}`);
  writeFileSync(at('empty'), '');
  writeFileSync(at('sshd_config'), sshdConfig(port, at));
  writeFileSync(at('config'), clientConfig(port, at));
  // Its folder for the process that parses what strangers send (sshd(8)).
  mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', at('sshd_config')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => void (said = (said + chunk.toString()).slice(-4000)));
  const ended = new Promise<void>((resolve) => void child.once('close', () => resolve()));
  for (let tries = 0; !said.includes('listening on'); tries += 1) {
    if (tries > 200 || child.exitCode !== null) throw new Error(`sshd did not start: ${said}`);
    await sleep(20);
  }
  return {
    config: at('config'),
    port,
    folder,
    cut: async () => void (await localHost().run({ title: 'cut', argv: ['pkill', '-KILL', '-P', String(child.pid)], okExits: [0, 1] }, never)),
    end: async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const never = new AbortController().signal;

function sshdConfig(port: number, at: (name: string) => string): string {
  return `ListenAddress 127.0.0.1
Port ${port}
HostKey ${at('host')}
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
AuthorizedKeysFile ${at('authorized')}
`;
}

/** It asks for much that Bulkhead must not do: the options of Bulkhead stand above it. */
function clientConfig(port: number, at: (name: string) => string): string {
  const to = (alias: string, known: string, key: string): string => `Host ${alias}
  HostName 127.0.0.1
  Port ${port}
  User root
  IdentityFile ${at(key)}
  UserKnownHostsFile ${at(known)}
`;
  return `${to('edge', 'known', 'client')}${to('stranger', 'empty', 'client')}${to('changed', 'changed', 'client')}${to('nobody-known', 'known', 'other')}
Host jumped
  HostName 127.0.0.1
  Port ${port}
  User root
  ProxyJump edge
  IdentityFile ${at('client')}
  UserKnownHostsFile ${at('known')}

Host closed
  HostName 127.0.0.1
  Port 1

Host *
  IdentitiesOnly yes
  IdentityAgent none
  GlobalKnownHostsFile none
  StrictHostKeyChecking no
  ForwardAgent yes
  RemoteForward 127.0.0.1:1 127.0.0.1:1
  RemoteCommand false
  RequestTTY force
  PermitLocalCommand yes
  LocalCommand touch ${at('local-command-ran')}
`;
}

async function run(argv: readonly [string, ...string[]]): Promise<void> {
  const result = await localHost().run({ title: argv[0], argv }, never);
  if (result.exit !== 0) throw new Error(`${argv.join(' ')}: ${result.stderr}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
