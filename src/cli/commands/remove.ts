/** `bulkhead remove TENANT --confirm TENANT`: everything that carries this tenant's mark, and nothing else. */
import { printJson } from '../../report/escape.ts';
import { removeTenant } from '../../apply/remove-tenant.ts';
import { BulkheadError, EXIT_CODES } from '../../core/error.ts';
import { action } from '../action.ts';
import type { CommonFlags } from '../flags.ts';
import { withBoth } from '../lease.ts';
import { progressTo } from '../progress.ts';
import { recordedRun } from '../recorded-run.ts';
import { openSession, theTenant } from '../session.ts';

export const remove = action(async (context, flags: CommonFlags & { readonly confirm?: string }, name: string) => {
  if (flags.confirm !== name) {
    throw new BulkheadError(
      'usage',
      `this deletes ${name}: its processes, user, network and every file in its tree`,
      `to go on, name it twice: bulkhead remove ${name} --confirm ${name}`,
    );
  }
  const session = await openSession(context, flags);
  const blueprint = theTenant(session, name);
  const progress = progressTo(context);
  const supervisor = await session.parts.supervisorOf(blueprint.host, context.signal);
  const steps = await withBoth(context, session, { host: blueprint.host, command: 'remove' }, async () => {
    const input = {
      blueprint,
      layout: session.layoutOf(blueprint.host),
      isolation: session.parts.isolationOf(blueprint),
      supervisor,
      host: session.parts.hostOf(blueprint.host),
      fleet: session.fleet.name,
    };
    const done = await removeTenant(input, recordedRun(context, session, progress), context.signal);
    session.state.forgetPortLease(name);
    session.state.release(name);
    session.state.forgetAdoption(name);
    return done;
  });
  if (flags.json) context.print(`${printJson({ ok: true, exitCode: 0, tenant: name, steps })}\n`);
  else context.print(steps === 0 ? `${name} was not there.\n` : `Removed ${name}.\n`);
  return EXIT_CODES.ok;
});
