/** Docker and Podman through their own command lines, and where those differ. */
import type { Command } from '../../core/command.ts';
import { BulkheadError } from '../../core/error.ts';
import type { Host } from '../../core/host.ts';
import type { Engine } from '../../core/words.ts';
import { ENGINE_PACKAGES, ENGINES } from '../../core/words.ts';

const DIRECTORIES = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Which engines are installed, Docker first. One that does not answer is there all the same: a stopped engine must not hand its tenants to the other. */
export async function enginesOf(host: Host, signal: AbortSignal): Promise<readonly Engine[]> {
  const paths = ENGINES.flatMap((engine) => DIRECTORIES.map((directory) => `${directory}/${engine}`));
  const look: Command = { title: 'look for container engines', argv: ['stat', '--dereference', '--format=%n', '--', ...paths], okExits: [0, 1] };
  const { exit, stdout } = await host.run(look, signal);
  if (exit !== 0 && exit !== 1) throw new BulkheadError('host', `${host.id}: could not look for container engines`, 'look at the host');
  const there = new Set(stdout.split('\n'));
  return ENGINES.filter((engine) => DIRECTORIES.some((directory) => there.has(`${directory}/${engine}`)));
}

/** The engine that was asked for, or the one that is there. Throws BulkheadError `apply` when it is not. */
export function chooseEngine(there: readonly Engine[], wanted: Engine | undefined, whose: string): Engine {
  const engine = wanted ?? there[0];
  if (engine !== undefined && there.includes(engine)) return engine;
  const names = wanted === undefined ? [...ENGINES] : [wanted];
  throw new BulkheadError(
    'apply',
    `${whose}: ${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} not installed`,
    `apt-get install ${ENGINE_PACKAGES[names[0] ?? 'docker']}`,
  );
}
