/** What the operator's machine and another one are asked before something that is built once is brought from the one to the other. */
import { succeeded, type Command, type CommandResult } from '../../core/command.ts';
import { BulkheadError } from '../../core/error.ts';
import type { Place } from '../../core/host.ts';

/** Most of a gigabyte, over whatever line there is. */
export const DELIVERY_MS = 1_800_000;

/** Throws BulkheadError `host` where it did not end as the command wants it. */
export async function answerOf(command: Command, { host }: Place, signal: AbortSignal): Promise<CommandResult> {
  const result = await host.run(command, signal);
  if (succeeded(command, result)) return result;
  const said = result.timedOut ? 'it took too long' : result.stderr.trim().slice(-300);
  throw new BulkheadError('host', `${host.id}: could not ${command.title}: ${said}`, `bulkhead hosts check ${host.id}`);
}

/** `sha256:…` of the root-owned file; undefined where there is none. */
export async function pinnedAt(place: Place, record: string, signal: AbortSignal): Promise<string | undefined> {
  const look: Command = { title: 'read the pinned image', argv: ['cat', '--', record], okExits: [0, 1] };
  const { exit, stdout } = await answerOf(look, place, signal);
  if (exit === 1) return undefined;
  const id = stdout.trim();
  if (/^sha256:[0-9a-f]{64}$/.test(id)) return id;
  throw new BulkheadError('apply', `${place.host.id}: ${record} holds no digest`, `delete it there: rm ${record}; then: bulkhead image build`);
}

export async function isFile(path: string, place: Place, signal: AbortSignal): Promise<boolean> {
  const look: Command = { title: 'look for the image’s archive', argv: ['test', '-f', path], okExits: [0, 1] };
  return (await answerOf(look, place, signal)).exit === 0;
}

/** Throws BulkheadError `apply` where programs of one do not run on the other. */
export async function refuseForeignMachine(there: Place, here: Place, signal: AbortSignal): Promise<void> {
  const ask: Command = { title: 'ask which kind of machine it is', argv: ['uname', '-s', '-m'] };
  const [its, own] = await Promise.all([there, here].map(async (place) => (await answerOf(ask, place, signal)).stdout.trim()));
  if (its === own) return;
  throw new BulkheadError(
    'apply',
    `${there.host.id} is a machine of another kind (${its}; this one is ${own}): an image that is built here does not run there`,
    'administer it from a machine of its kind, or choose another rung',
  );
}
