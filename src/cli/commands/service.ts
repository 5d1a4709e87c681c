/** `bulkhead start`, `stop` and `restart`: the gateways of tenants that apply has built. */
import { printJson } from '../../report/escape.ts';
import { BulkheadError, EXIT_CODES } from '../../core/error.ts';
import { succeeded, type Command } from '../../core/command.ts';
import type { Layout } from '../../core/blueprint.ts';
import type { Supervisor } from '../../core/host.ts';
import { action } from '../action.ts';
import { refuseBesideCells } from '../adopted-cells.ts';
import { onEach, placed, type Placed } from '../by-host.ts';
import type { CliContext } from '../context.ts';
import type { CommonFlags } from '../flags.ts';
import { withHost, withLease } from '../lease.ts';
import { progressTo, type Progress } from '../progress.ts';
import { openSession, selectTenants, type Session } from '../session.ts';

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
    if (verb !== 'stop') await refuseBesideCells(context, session, blueprints);
    const progress = progressTo(context);
    await withLease(context, session, verb, async () => {
      await onEach(placed(session, blueprints), (place) =>
        withHost(context, session, { place, command: verb }, () => changeOn(context, session, { verb, place, progress })),
      );
    });
    if (flags.json) context.print(`${printJson({ ok: true, exitCode: 0, verb, tenants: blueprints.map(({ tenant }) => tenant) })}\n`);
    return EXIT_CODES.ok;
  });
}

interface Change {
  readonly verb: Verb;
  readonly place: Placed;
  readonly progress: Progress;
}

/** One tenant of the host after the other. */
async function changeOn({ signal }: CliContext, { parts }: Session, { verb, place, progress }: Change): Promise<void> {
  const { id, layout, blueprints } = place;
  const host = parts.hostOf(id);
  const supervisor = await parts.supervisorOf(id, signal);
  const { services } = await supervisor.observe(host, layout, signal);
  for (const { tenant, serviceName } of blueprints) {
    if (!services.has(serviceName))
      throw new BulkheadError('apply', `${tenant} on ${id}: there is no service ${serviceName}`, `build it first with: bulkhead apply ${tenant}`);
    for (const command of commandsFor(verb, supervisor, layout, serviceName)) {
      progress.line(command.title);
      const result = await host.run(command, signal);
      if (succeeded(command, result)) continue;
      const said = result.stderr.trim().slice(-400);
      throw new BulkheadError('apply', `${tenant} on ${id}: could not ${command.title}: ${said}`, `see: bulkhead logs ${tenant}`);
    }
  }
}

export const start = serviceAction('start');
export const stop = serviceAction('stop');
export const restart = serviceAction('restart');
