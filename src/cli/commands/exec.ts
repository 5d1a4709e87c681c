/** `bulkhead exec TENANT PROGRAM…`: runs a program inside the boundary, exactly where the gateway runs. */
import { escapeLines, printJson } from '../../report/escape.ts';
import { BulkheadError, EXIT_CODES } from '../../core/error.ts';
import { action } from '../action.ts';
import type { CommonFlags } from '../flags.ts';
import { openSession, theTenant } from '../session.ts';

const EXEC_LIMIT_MS = 600_000;

export const exec = action(async (context, flags: CommonFlags, ...words: readonly string[]) => {
  const [name, ...rest] = words;
  const [program, ...args] = rest[0] === '--' ? rest.slice(1) : rest;
  if (name === undefined || program === undefined)
    throw new BulkheadError('usage', 'exec needs a tenant and a program', 'for example: bulkhead exec acme openclaw status');
  const session = await openSession(context, flags);
  const blueprint = theTenant(session, name);
  const isolation = session.parts.isolationOf(blueprint);
  const host = session.parts.hostOf(blueprint.host);
  const layout = session.layoutOf(blueprint.host);
  const observed = await isolation.observe(blueprint, layout, host, context.signal);
  const command = isolation.enter(blueprint, layout, observed, {
    title: `run ${program} inside ${name}`,
    argv: [program, ...args],
    timeoutMs: EXEC_LIMIT_MS,
  });
  const result = await host.run(command, context.signal);
  if (result.timedOut)
    throw new BulkheadError('unverified', `${name}: ${program} took longer than ${EXEC_LIMIT_MS / 1000} s and was ended`, 'run it in parts');
  if (flags.json) {
    const { exit, signal, stdout, stderr, timedOut, truncated, durationMs } = result;
    context.print(
      `${printJson({ ok: exit === 0, exitCode: exit ?? EXIT_CODES.unverified, tenant: name, exit, signal, stdout, stderr, timedOut, truncated, durationMs })}\n`,
    );
  } else {
    // For programs as it is, as with any exec; a terminal would obey what the tenant wrote.
    const { results, notes } = context.terminals;
    context.print(results ? escapeLines(result.stdout).join('\n') : result.stdout);
    context.note(notes ? escapeLines(result.stderr).join('\n') : result.stderr);
    if (result.truncated) context.note(`! ${program} printed more than was kept: the output is cut\n`);
  }
  return result.exit ?? EXIT_CODES.unverified;
});
