/** `bulkhead start`, `stop` and `restart`: the gateways of tenants that apply has built. */
import { printJson } from '../../report/escape.ts';
import { BulkheadError, EXIT_CODES } from '../../core/error.ts';
import { succeeded, type Command } from '../../core/command.ts';
import type { Layout } from '../../core/blueprint.ts';
import type { Supervisor } from '../../core/host.ts';
import { action } from '../action.ts';
import type { CommonFlags } from '../flags.ts';
import { withLease } from '../lease.ts';
import { progressTo } from '../progress.ts';
import { openSession, selectTenants } from '../session.ts';

type Verb = 'start' | 'stop' | 'restart';

function commandsFor(verb: Verb, supervisor: Supervisor, layout: Layout, name: string): readonly Command[] {
  switch (verb) {
    case 'start':
      return supervisor.start(layout, name);
    case 'stop':
      return supervisor.stop(layout, name);
    case 'restart':
      return supervisor.restart(layout, name);
  }
}

function serviceAction(verb: Verb) {
  return action(async (context, flags: CommonFlags, ...tenants: readonly string[]) => {
    const session = await openSession(context, flags);
    const blueprints = selectTenants(session, tenants);
    const supervisor = await session.parts.supervisor(context.signal);
    const host = session.parts.hostOf('local');
    const progress = progressTo(context);
    await withLease(context, session, verb, async () => {
      const { services } = await supervisor.observe(host, session.layout, context.signal);
      for (const { tenant, serviceName } of blueprints) {
        if (!services.has(serviceName)) {
          throw new BulkheadError('apply', `${tenant} on local: there is no service ${serviceName}`, `build it first with: bulkhead apply ${tenant}`);
        }
        for (const command of commandsFor(verb, supervisor, session.layout, serviceName)) {
          progress.line(command.title);
          const result = await host.run(command, context.signal);
          if (!succeeded(command, result)) {
            throw new BulkheadError(
              'apply',
              `${tenant} on local: could not ${command.title}: ${result.stderr.trim().slice(-400)}`,
              `see: bulkhead logs ${tenant}`,
            );
          }
        }
      }
    });
    if (flags.json) context.print(`${printJson({ ok: true, exitCode: 0, verb, tenants: blueprints.map(({ tenant }) => tenant) })}\n`);
    return EXIT_CODES.ok;
  });
}

export const start = serviceAction('start');
export const stop = serviceAction('stop');
export const restart = serviceAction('restart');
