/** `bulkhead logs TENANT`: the end of what the gateway's process printed. Tenants write it, so it is escaped. */
import { BulkheadError, EXIT_CODES } from '../../core/error.ts';
import { escapeForTerminal, printJson } from '../../report/escape.ts';
import { action } from '../action.ts';
import type { CommonFlags } from '../flags.ts';
import { openSession, theTenant } from '../session.ts';

const MAX_LINES = 10_000;
/** Read from the end, so that a line without end costs no more and hides nothing that came after it. */
const MAX_BYTES = 4 << 20;

export const logs = action(async (context, flags: CommonFlags & { readonly lines: number }, name: string) => {
  if (!Number.isInteger(flags.lines) || flags.lines < 1 || flags.lines > MAX_LINES) {
    throw new BulkheadError('usage', `--lines must be a whole number from 1 to ${MAX_LINES}`, 'for example: bulkhead logs -n 200 acme');
  }
  const session = await openSession(context, flags);
  const blueprint = theTenant(session, name);
  const isolation = session.parts.isolationOf(blueprint);
  const host = session.parts.hostOf(blueprint.host);
  const layout = session.layoutOf(blueprint.host);
  const observed = await isolation.observe(blueprint, layout, host, context.signal);
  const { logFile } = isolation.service(blueprint, layout, observed);
  const result = await host.run({ title: `read the log of ${name}`, argv: ['tail', '-c', String(MAX_BYTES), '--', logFile] }, context.signal);
  if (result.exit !== 0)
    throw new BulkheadError('host', `${name} on ${blueprint.host}: there is no log at ${logFile}`, `build and start it with: bulkhead apply ${name}`);
  const shown = lastLines(result.stdout, flags.lines).map(escapeForTerminal);
  if (flags.json) context.print(`${printJson({ ok: true, exitCode: 0, tenant: name, file: logFile, lines: shown })}\n`);
  else context.print(shown.map((line) => `${line}\n`).join(''));
  return EXIT_CODES.ok;
});

/** A line that is still being written is shown as far as it goes. */
function lastLines(text: string, most: number): readonly string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.slice(-most);
}
