/** systemd as the `Supervisor` interface: units below /etc/systemd/system that carry our mark. */
import { dirname, join } from 'node:path';
import type { Layout } from '../../core/blueprint.ts';
import type { Command } from '../../core/command.ts';
import { BulkheadError } from '../../core/error.ts';
import type { Host, ServiceStatus, Supervisor, SupervisorObserved } from '../../core/host.ts';
import { DIRECTORY, FOREIGN, installUnit, line, readText, readUnits, systemctl } from './systemctl.ts';
import { MARK, renderUnits, sealHolds, UNIT_SUFFIXES, unitsDefinition } from './units.ts';
import { systemdWatch } from './watch-unit.ts';

const PROPERTIES = 'Id,ActiveState,SubState,Result,NRestarts,MainPID,ExecMainCode,ExecMainStatus,ExecMainExitTimestamp';

/** Judges unit files: name → definition, `edited` when something is missing or changed, `foreign` without our mark. */
export function definitionsIn(files: Readonly<Record<string, string>>, layout: Layout): ReadonlyMap<string, string> {
  const definitions = new Map<string, string>();
  for (const [file, text] of Object.entries(files)) {
    const name = file.replace(/(_[a-z]+)?\.[a-z]+$/, '');
    const mine = line(text, MARK)?.startsWith(`${layout.stateDir.replaceAll('%', '%%')} `) === true;
    if (!mine) definitions.set(name, FOREIGN);
    else if (definitions.get(name) !== FOREIGN) definitions.set(name, definitions.get(name) === 'edited' ? 'edited' : judge(files, name));
  }
  return definitions;
}

function judge(files: Readonly<Record<string, string>>, name: string): string {
  const main = files[`${name}.service`] ?? '';
  const definition = line(main, `${MARK}-Definition`) ?? '';
  const expected = (line(main, `${MARK}-Units`) ?? '').split(' ');
  const present = UNIT_SUFFIXES.map((suffix) => name + suffix).filter((file) => files[file] !== undefined);
  const whole =
    present.length === expected.length &&
    expected.every((file) => sealHolds(files[file] ?? '') && line(files[file] ?? '', `${MARK}-Definition`) === definition);
  return whole ? definition : 'edited';
}

/** One block of `systemctl show` as a status. */
export function statusFrom(name: string, block: string): ServiceStatus {
  const state = line(block, 'ActiveState');
  const sub = line(block, 'SubState');
  const result = line(block, 'Result') ?? '';
  const top = Number(line(block, 'MainPID') ?? 0);
  const code = line(block, 'ExecMainCode');
  const status = Number(line(block, 'ExecMainStatus') ?? 0);
  const at = line(block, 'ExecMainExitTimestamp') ?? '';
  // ExecMainCode is si_code of waitid(2): 1 CLD_EXITED, 2 CLD_KILLED, 3 CLD_DUMPED.
  const lastExit =
    at === '' ? {} : { lastExit: { exit: code === '1' ? status : null, signal: code === '2' || code === '3' ? String(status) : null, at } };
  const shared = { name, restarts: Number(line(block, 'NRestarts') ?? 0), ...lastExit };
  if (state === undefined) throw new Error(`systemctl says nothing about ${name}`);
  if (sub === 'auto-restart') return { ...shared, state: 'backing-off', reason: `${result}, restarting` };
  if (state === 'active' || state === 'reloading') return { ...shared, state: 'running', top };
  if (state === 'activating') return { ...shared, state: 'starting', ...(top > 0 ? { top } : {}) };
  if (state === 'failed') return { ...shared, state: 'failed', reason: `${result}, exit status ${status}` };
  return { ...shared, state: 'stopped' };
}

async function observe(host: Host, layout: Layout, signal: AbortSignal): Promise<SupervisorObserved> {
  const files = await readUnits(host, layout, signal);
  const definitions = definitionsIn(files, layout);
  if (definitions.size === 0) return { alive: true, services: new Map() };
  const names = [...definitions.keys()];
  const command: Command = {
    title: 'ask systemd about our units',
    argv: ['systemctl', 'show', '--no-pager', `--property=${PROPERTIES}`, '--', ...names.map((name) => `${name}.service`)],
  };
  const shown = await readText(host, command, signal);
  const blocks = new Map(shown.split('\n\n').map((block) => [line(block, 'Id') ?? '', block]));
  const services = [...definitions].map(
    ([name, definition]) => [name, { definition, status: statusFrom(name, blocks.get(`${name}.service`) ?? '') }] as const,
  );
  return { alive: true, services: new Map(services) };
}

function unregister(name: string): readonly Command[] {
  const files = UNIT_SUFFIXES.map((suffix) => name + suffix);
  return [
    // 5: not loaded; 1: no such file. Both are what a half removed service looks like.
    // The guard, too: one that is looking at this moment would find the firewall gone.
    { ...systemctl(`stop ${name}`, 'stop', `${name}.service`, `${name}_guard.timer`, `${name}_guard.service`), okExits: [0, 5] },
    { ...systemctl(`keep ${name} from starting at boot`, 'disable', `${name}.service`), okExits: [0, 1] },
    { title: `remove the units of ${name}`, argv: ['rm', '-f', '--', ...files.map((file) => join(DIRECTORY, file))] },
    systemctl('let systemd read its units again', 'daemon-reload'),
    { ...systemctl(`forget how ${name} ended`, 'reset-failed', ...files), okExits: [0, 1] },
  ];
}

function refuseForeign(name: string, observed: SupervisorObserved): void {
  if (observed.services.get(name)?.definition !== FOREIGN) return;
  throw new BulkheadError(
    'apply',
    `${DIRECTORY}/${name}.* exists and is not of this Bulkhead`,
    `look at it with \`systemctl cat ${name}.service\`, and remove or rename it`,
  );
}

export const systemdSupervisor: Supervisor = {
  kind: 'systemd',
  definitionOf: unitsDefinition,
  async fingerprint(host, signal) {
    const result = await host.run({ title: 'ask systemd for its version', argv: ['systemctl', 'show', '--property=Version', '--value'] }, signal);
    if (result.exit === 0) return { state: 'usable', detail: `systemd ${result.stdout.trim().slice(0, 80)}` };
    if (result.timedOut) return { state: 'undetected', reason: 'systemctl did not answer' };
    return { state: 'unusable', reason: 'systemd is not the init of this host', fix: 'nothing: the embedded supervisor is used' };
  },
  observe,
  converge(layout, wanted, observed) {
    const commands: Command[] = [];
    const changed: string[] = [];
    for (const service of wanted) {
      refuseForeign(service.name, observed);
      const known = observed.services.get(service.name);
      if (known?.definition === unitsDefinition(service)) continue;
      const units = renderUnits(layout, service);
      const stale = known === undefined ? [] : UNIT_SUFFIXES.map((suffix) => service.name + suffix).filter((file) => !units.has(file));
      commands.push({ title: `make the log folder of ${service.name}`, argv: ['install', '-d', '-m', '0700', dirname(service.logFile)] });
      if (stale.length > 0)
        commands.push({
          title: `remove units that ${service.name} no longer has`,
          argv: ['rm', '-f', '--', ...stale.map((file) => join(DIRECTORY, file))],
        });
      for (const [file, text] of units) commands.push(installUnit(file, text));
      changed.push(service.name);
    }
    if (changed.length > 0) commands.push(systemctl('let systemd read its units again', 'daemon-reload'));
    for (const name of changed)
      if (observed.services.has(name)) commands.push(systemctl(`restart ${name} if it runs`, 'try-restart', `${name}.service`));
    return commands;
  },
  start: (_layout, name) => [systemctl(`start ${name}`, 'enable', '--now', `${name}.service`)],
  stop: (_layout, name) => [systemctl(`stop ${name}`, 'disable', '--now', `${name}.service`)],
  restart: (_layout, name) => [systemctl(`restart ${name}`, 'restart', `${name}.service`)],
  remove(_layout, name, observed) {
    refuseForeign(name, observed);
    return observed.services.has(name) ? unregister(name) : [];
  },
  watch: systemdWatch,
};
