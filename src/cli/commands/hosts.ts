/** `bulkhead hosts check` and `hosts prepare`: whether machines can carry tenants, and what makes them so. */
import { join } from 'node:path';
import { deliveryCommands } from '../../apply/deliver-install.ts';
import { installCommands } from '../../apply/install.ts';
import { runPlan } from '../../apply/run-plan.ts';
import type { Parts } from '../../composition.ts';
import type { Command } from '../../core/command.ts';
import { BulkheadError, EXIT_CODES } from '../../core/error.ts';
import type { Fleet, FleetHost } from '../../core/fleet.ts';
import type { MachineSeen, Need } from '../../core/machine.ts';
import type { Step } from '../../core/plan.ts';
import { ENGINES, type HostId } from '../../core/words.ts';
import { lookAtMachine } from '../../observe/look-at-machine.ts';
import { OPENCLAW_VERSION } from '../../openclaw/version.ts';
import { wantedEngines } from '../../plan/prepare-engine.ts';
import { ALL_PROGRAMS, installNeed, needsOf, prepareCommands, type Wants } from '../../plan/prepare-machine.ts';
import { printJson } from '../../report/escape.ts';
import { hostsText, stateOf, type HostRow } from '../../report/hosts-text.ts';
import { planText } from '../../report/plan-text.ts';
import { openState } from '../../state/state.ts';
import { action } from '../action.ts';
import type { CliContext } from '../context.ts';
import type { CommonFlags } from '../flags.ts';
import { withLease } from '../lease.ts';
import { progressTo } from '../progress.ts';
import { recordedRun } from '../recorded-run.ts';
import { layoutFor, layoutsFrom, layoutToRead } from '../layouts.ts';
import { readFleet, withParts } from '../session.ts';

export const hostsCheck = action(async (context, flags: Omit<CommonFlags, 'stateDir'>, ...names: readonly string[]) => {
  const fleet = readFleet(context, flags.file ?? 'bulkhead.yaml');
  const chosen = names.length === 0 ? fleet.hosts : names.map((name) => theHost(fleet, name));
  const rows = await withParts(context, fleet, (parts) => Promise.all(chosen.map((host) => rowOf({ context, parts, host, fleet }))));
  const exitCode = rows.some(({ state }) => state === 'unreachable')
    ? EXIT_CODES.unverified
    : rows.every(({ state }) => state === 'ready')
      ? EXIT_CODES.ok
      : EXIT_CODES.findings;
  if (flags.json) context.print(`${printJson({ ok: exitCode === 0, exitCode, hosts: rows })}\n`);
  else context.print(hostsText(rows, { color: context.color, width: context.width }));
  return exitCode;
});

/** One that cannot be reached is told beside the others. */
async function rowOf(looking: Looking): Promise<HostRow> {
  const { host } = looking;
  const row = { host: host.id, ...(host.ssh === undefined ? {} : { ssh: host.ssh }) };
  try {
    const { seen, needs } = await look(looking);
    return { ...row, state: stateOf(needs), seen, needs };
  } catch (error) {
    if (!(error instanceof BulkheadError) || error.code !== 'host') throw error;
    const cause = error.cause instanceof Error && error.cause.message !== '' ? ` (${error.cause.message})` : '';
    return { ...row, state: 'unreachable', needs: [], why: `${error.message}${cause}`, fix: error.hint };
  }
}

interface Looking {
  readonly context: CliContext;
  readonly parts: Parts;
  readonly host: FleetHost;
  readonly fleet: Fleet;
}

interface Looked {
  readonly seen: MachineSeen;
  readonly needs: readonly Need[];
  /** What brings OpenClaw there. */
  readonly install: readonly Command[];
}

/** The machine, and the install on it. */
async function look(looking: Looking): Promise<Looked> {
  const { context, parts, host, fleet } = looking;
  const [seen, install] = await Promise.all([
    lookAtMachine(
      parts.hostOf(host.id),
      {
        programs: [...new Set([...ALL_PROGRAMS, ...ENGINES])],
        engines: wantedOn(fleet, host.id).engines.length === 0 ? [] : ENGINES,
        now: () => context.now().getTime(),
      },
      context.signal,
    ),
    installSteps(looking).catch((error: unknown) => {
      if (error instanceof BulkheadError && error.code === 'apply') return error;
      throw error;
    }),
  ]);
  const found = install instanceof BulkheadError ? { steps: 0, refused: { why: install.message, fix: install.hint } } : { steps: install.length };
  const needs = [...needsOf(seen, host.id === 'local', wantedOn(fleet, host.id)), installNeed(OPENCLAW_VERSION, found)];
  return { seen, needs, install: install instanceof BulkheadError ? [] : install };
}

function wantedOn({ tenants }: Fleet, host: HostId): Wants {
  const here = tenants.filter((tenant) => tenant.host === host);
  return {
    engines: wantedEngines(here),
    disks: here.some(({ limits }) => limits.diskBytes !== undefined),
    rootless: here.some(({ rootless, engine }) => rootless === true && engine === 'podman'),
    ownDocker: here.some(({ rootless, engine, sandbox }) => (rootless === true && engine === 'docker') || sandbox !== undefined),
  };
}

/** Of the tenants there: their plugins belong to the install. */
function channelsOn({ tenants }: Fleet, host: HostId): Fleet['tenants'][number]['channels'] {
  return tenants.filter((tenant) => tenant.host === host).flatMap(({ channels }) => channels);
}

export const hostsPrepare = action(async (context, flags: CommonFlags & { readonly yes: boolean }, name: string) => {
  const fleet = readFleet(context, flags.file ?? 'bulkhead.yaml');
  const host = theHost(fleet, name);
  const { steps, needs } = await withParts(context, fleet, (parts) => prepare({ context, parts, host, fleet }, flags));
  const blocked = needs.filter(({ state }) => state === 'blocked' || (flags.yes && state === 'lacking'));
  const exitCode = blocked.length === 0 ? EXIT_CODES.ok : EXIT_CODES.findings;
  if (flags.json) {
    const commands = steps.map(({ command: { title, argv, stdinOf } }) => ({ title, argv, ...(stdinOf === undefined ? {} : { stdinOf }) }));
    context.print(`${printJson({ ok: exitCode === 0, exitCode, host: name, done: flags.yes, commands, needs })}\n`);
    return exitCode;
  }
  if (!flags.yes)
    context.print(
      planText(
        steps.map(({ command }) => command),
        { color: context.color, width: context.width },
      ),
    );
  context.print(closing(name, steps.length, flags.yes));
  if (blocked.length > 0)
    context.print(hostsText([{ host: name, state: stateOf(needs), needs: blocked }], { color: context.color, width: context.width }));
  return exitCode;
});

/** What it takes, done where `yes`, and what is needed still. */
async function prepare(
  looking: Looking,
  flags: CommonFlags & { readonly yes: boolean },
): Promise<{ readonly steps: readonly Step[]; readonly needs: readonly Need[] }> {
  const { seen, needs, install } = await look(looking);
  const steps = stepsOf(looking.host.id, [...prepareCommands(seen, wantedOn(looking.fleet, looking.host.id)), ...install]);
  if (!flags.yes || steps.length === 0) return { steps, needs };
  await bring({ ...looking, flags }, steps);
  return { steps, needs: (await look(looking)).needs };
}

/** Another machine's is brought from this one's; this one's is made with npm. */
async function installSteps({ context, parts, host, fleet }: Looking): Promise<readonly Command[]> {
  const own = layoutToRead(context);
  const channels = channelsOn(fleet, host.id);
  const [there, here] = [parts.hostOf(host.id), parts.hostOf('local')];
  if (host.id === 'local') return await installCommands({ install: own.install, channels }, here, context.signal);
  return await deliveryCommands({ install: layoutsFrom(own)(host.id).install, from: own.install, channels }, { host: there, here }, context.signal);
}

function closing(name: string, steps: number, done: boolean): string {
  if (steps === 0) return `Nothing to do: ${name} has what Bulkhead can bring.\n`;
  return done ? `${name} is prepared: ${steps} steps.\n` : `\nNothing has been changed. Do it with: bulkhead hosts prepare ${name} --yes\n`;
}

interface Bringing extends Looking {
  readonly flags: CommonFlags;
}

/** Under the lease, with a receipt for each step. */
async function bring({ context, flags, parts, host }: Bringing, steps: readonly Step[]): Promise<void> {
  if (steps.length === 0) return;
  const state = openState(join(layoutFor(context, flags.stateDir).stateDir, 'bulkhead.db'));
  const again = `bulkhead hosts prepare ${host.id} --yes`;
  try {
    await withLease(context, { state }, `hosts prepare ${host.id}`, () =>
      runPlan(
        { ...recordedRun(context, { state }, progressTo(context)), plan: { steps, later: [] }, hostOf: () => parts.hostOf(host.id) },
        context.signal,
      ),
    );
  } catch (error) {
    if (error instanceof BulkheadError && error.code === 'apply')
      throw new BulkheadError('apply', error.message, `mend the cause, then: ${again}`, { cause: error.cause });
    throw error;
  } finally {
    state.close();
  }
}

function stepsOf(host: string, commands: readonly Command[]): readonly Step[] {
  return commands.map((command, at) => ({ id: `${host}/prepare/${at + 1}`, stage: 'install', command }));
}

function theHost({ hosts }: Fleet, name: string): FleetHost {
  const host = hosts.find(({ id }) => id === name);
  if (host !== undefined) return host;
  throw new BulkheadError('usage', `the manifest has no host ${name}`, `its hosts are: ${hosts.map(({ id }) => id).join(', ')}`);
}
