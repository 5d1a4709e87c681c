/** A real ircd (Debian's ngircd), and somebody who talks on it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Starts it on these addresses, with its config in `folder`. It ends with `close`. */
export async function startIrcd(addresses: readonly string[], port: number, folder: string): Promise<{ close(): Promise<void> }> {
  const config = join(folder, 'ngircd.conf');
  const lines = ['[Global]', 'Name = irc.example.test', 'Info = test', `Listen = ${addresses.join(',')}`, `Ports = ${port}`];
  const limits = [
    '[Limits]',
    'MaxConnectionsIP = 0',
    'MaxNickLength = 30',
    '[Options]',
    'DNS = no',
    'Ident = no',
    'PAM = no',
    'SyslogFacility = local1',
  ];
  writeFileSync(config, `${[...lines, ...limits].join('\n')}\n`, { mode: 0o644 });
  const child = spawn('/usr/sbin/ngircd', ['-n', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-2000)));
  for (let tries = 0; !(await accepts(addresses[0] ?? '', port)); tries += 1) {
    if (tries > 100 || child.exitCode !== null) throw new Error(`ngircd does not listen: ${said}`);
    await sleep(50);
  }
  return {
    close: async () => {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await Promise.race([once(child, 'exit'), sleep(3000)]);
    },
  };
}

async function accepts(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port });
  const told = await Promise.race([
    once(socket, 'connect').then(
      () => true,
      () => false,
    ),
    sleep(1000, false),
  ]);
  socket.destroy();
  return told;
}

export interface IrcPerson {
  /** Every line that came, oldest first. */
  readonly lines: readonly string[];
  send(line: string): void;
  /** The first line from now on, or before, that fits. */
  hears(pattern: RegExp, ms: number): Promise<string | undefined>;
  close(): void;
}

/** Joins with a nick, which is the user name too. */
export async function joinIrc(host: string, port: number, nick: string): Promise<IrcPerson> {
  const socket = connect({ host, port });
  const lines: string[] = [];
  let rest = '';
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    const parts = `${rest}${chunk.toString()}`.split('\r\n');
    rest = parts.pop() ?? '';
    for (const line of parts) {
      if (line.startsWith('PING')) socket.write(`PONG${line.slice(4)}\r\n`);
      lines.push(line);
    }
  });
  const person: IrcPerson = {
    lines,
    send: (line) => void socket.write(`${line}\r\n`),
    hears: async (pattern, ms) => {
      for (const end = Date.now() + ms; Date.now() < end; await sleep(100)) {
        const found = lines.find((line) => pattern.test(line));
        if (found !== undefined) return found;
      }
      return undefined;
    },
    close: () => void socket.destroy(),
  };
  await once(socket, 'connect');
  person.send(`NICK ${nick}`);
  person.send(`USER ${nick} 0 * :${nick}`);
  if ((await person.hears(/ 001 /, 5000)) === undefined) throw new Error(`${nick} was not let in: ${lines.join('; ')}`);
  return person;
}
