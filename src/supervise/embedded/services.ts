/** What is registered with the supervisor, and how it does; what runs is known also while no supervisor does. */
import { join } from 'node:path';
import type { ServiceStatus } from '../../core/host.ts';
import { ANSWER_MS, ask } from './client.ts';
import { definitionOf, namesIn, readOwnFile, readRecord, type SupervisorPaths } from './files.ts';
import { isRunning } from './process.ts';
import { programVersion } from './program.ts';

export interface ServicesSeen {
  readonly alive: boolean;
  readonly services: readonly { readonly name: string; readonly definition: string; readonly status: ServiceStatus }[];
}

/** Reads only. `node` is the one that runs the supervisor. Throws when the supervisor's socket or files cannot be read. */
export async function readServices(paths: SupervisorPaths, node: string): Promise<ServicesSeen> {
  const reply = await ask(paths, { op: 'list' }, ANSWER_MS);
  const known = new Map((reply?.services ?? []).map((status) => [status.name, status]));
  const services = namesIn(paths.services).map((name) => {
    const status = known.get(name) ?? withoutSupervisor(paths, name);
    return { name, definition: definitionOf(readOwnFile(join(paths.services, `${name}.json`))), status };
  });
  return { alive: reply?.program === programVersion(node), services };
}

function withoutSupervisor(paths: SupervisorPaths, name: string): ServiceStatus {
  const record = readRecord(join(paths.records, `${name}.json`));
  if (record === undefined || !isRunning(record.top))
    return { name, state: 'stopped', restarts: record?.restarts ?? 0, reason: 'no supervisor runs' };
  return { name, state: 'running', top: record.top.pid, restarts: record.restarts, reason: 'no supervisor runs: it is not restarted when it ends' };
}
