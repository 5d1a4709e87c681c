/** The embedded supervisor as the `Supervisor` interface: every change is one call of the control program. */
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Layout } from '../../core/blueprint.ts';
import { succeeded, type Command } from '../../core/command.ts';
import { BulkheadError } from '../../core/error.ts';
import type { Fingerprint, Host, Supervisor, SupervisorObserved } from '../../core/host.ts';
import { renderDefinition, serviceDefinition } from '../definition.ts';
import { ANSWER_MS } from './client.ts';
import { supervisorPaths } from './files.ts';
import { readServices, type ServicesSeen } from './services.ts';

const CTL = join(import.meta.dirname, `ctl${import.meta.filename.endsWith('.ts') ? '.ts' : '.js'}`);
/** Longest stop: 300 s of grace, and the kill after it. */
const CHANGE_TIMEOUT_MS = 330_000;

type Operation = 'up' | 'observe' | 'register' | 'unregister' | 'reload' | 'start' | 'stop' | 'restart' | 'shutdown';

function control(layout: Layout, operation: Operation, title: string, name?: string, stdin?: string): Command {
  const argv = [layout.install.node, '--no-warnings', CTL, '--state-dir', layout.stateDir, '--run-dir', layout.runDir, operation] as const;
  return { title, argv: name === undefined ? argv : [...argv, name], timeoutMs: CHANGE_TIMEOUT_MS, ...(stdin === undefined ? {} : { stdin }) };
}

async function observe(host: Host, layout: Layout, signal: AbortSignal): Promise<SupervisorObserved> {
  try {
    const { alive, services } =
      host.here === true
        ? await readServices(supervisorPaths(layout.stateDir, layout.runDir), resolved(layout.install.node))
        : await observeThere(host, layout, signal);
    return { alive, services: new Map(services.map(({ name, ...service }) => [name, service])) };
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof BulkheadError) throw cause;
    throw new BulkheadError(
      'host',
      `the supervisor of ${layout.stateDir} on ${host.id} cannot be read`,
      `look at ${layout.stateDir}/supervisor/supervisor.log`,
      { cause },
    );
  }
}

/** As `process.execPath` says it of the supervisor; before there is an install there is no supervisor of it. */
function resolved(node: string): string {
  return existsSync(node) ? realpathSync(node) : node;
}

async function observeThere(host: Host, layout: Layout, signal: AbortSignal): Promise<ServicesSeen> {
  const command = { ...control(layout, 'observe', 'read the supervised services'), timeoutMs: ANSWER_MS };
  const result = await host.run(command, signal);
  if (!succeeded(command, result) || result.truncated) throw new Error(result.stderr.trim().slice(0, 500));
  return JSON.parse(result.stdout) as ServicesSeen; // printed by ctl.ts of this same version
}

export const embeddedSupervisor: Supervisor = {
  kind: 'embedded',
  definitionOf: serviceDefinition,
  async fingerprint(host, signal): Promise<Fingerprint> {
    const result = await host.run({ title: 'look for flock and /proc', argv: ['flock', '--version'] }, signal);
    if (result.exit === 0) return { state: 'usable', detail: 'embedded supervisor' };
    if (result.timedOut) return { state: 'undetected', reason: 'flock did not answer' };
    return { state: 'unusable', reason: 'the program flock is missing', fix: 'install util-linux' };
  },
  observe,
  converge(layout, wanted, observed) {
    const commands: Command[] = [];
    for (const service of wanted) {
      if (observed.services.get(service.name)?.definition === serviceDefinition(service)) continue;
      commands.push(control(layout, 'register', `register ${service.name} with the supervisor`, service.name, renderDefinition(service)));
    }
    const changed = commands.length > 0;
    if (!observed.alive && wanted.length > 0) commands.push(control(layout, 'up', 'start the supervisor'));
    else if (changed) commands.push(control(layout, 'reload', 'let the supervisor read its services again'));
    return commands;
  },
  start: (layout, name) => [control(layout, 'start', `start ${name}`, name)],
  stop: (layout, name) => [control(layout, 'stop', `stop ${name}`, name)],
  restart: (layout, name) => [control(layout, 'restart', `restart ${name}`, name)],
  remove(layout, name, observed) {
    if (!observed.services.has(name)) return [];
    // A supervisor that died may have left the process: a new one adopts it, and then stops it.
    const up = observed.alive ? [] : [control(layout, 'up', 'start the supervisor')];
    const last = observed.services.size === 1 ? [control(layout, 'shutdown', 'end the supervisor: it has no service left')] : [];
    return [...up, control(layout, 'unregister', `stop ${name} and remove it from the supervisor`, name), ...last];
  },
};
