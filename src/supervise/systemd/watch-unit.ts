/** The unit that keeps `bulkhead verify --watch` running. Its name has the `_` that no service's name has: a tenant may be called `verify`. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Layout } from '../../core/blueprint.ts';
import type { Command } from '../../core/command.ts';
import { BulkheadError } from '../../core/error.ts';
import type { WatchKeeper, WatchObserved, WatchService } from '../../core/host.ts';
import { plainText, quoteCommand, quoteWord } from './quote.ts';
import { DIRECTORY, FOREIGN, installUnit, line, readText, readUnits, systemctl } from './systemctl.ts';
import { MARK, renderBody, seal, sealHolds, type Body } from './units.ts';

/** Exit statuses that are verdicts: a watch that ends with one was asked to end, and is not started again. */
const VERDICTS = '1 3 4';

export function watchUnitName(layout: Layout): string {
  return `${layout.instance}_verify.service`;
}

/**
 * Attacks are made from this unit, so it has none of the restrictions of the other units: what it may not do itself, its attackers could not
 * do either, and a boundary would look tight that is not.
 */
function bodyOf({ fleet, argv, environment }: WatchService): Body {
  const variables = Object.entries(environment).map(([key, value]) => ['Environment', quoteWord(`${key}=${value}`)] as const);
  return {
    unit: [
      ['Description', plainText(`Bulkhead verification of ${fleet}`)],
      ['After', 'network.target'],
      ['StartLimitIntervalSec', 0],
    ],
    sections: {
      Service: [
        ['Type', 'exec'],
        // No `env -i`: it would take away the socket that the status line goes to.
        ...variables,
        ['ExecStart', quoteCommand(argv)],
        // The status line, which `systemctl status` shows, comes from a child: sd_notify(3).
        ['NotifyAccess', 'all'],
        ['StandardInput', 'null'],
        ['Restart', 'on-failure'],
        ['RestartSec', 30],
        ['RestartPreventExitStatus', VERDICTS],
        // Attacks that are under way put in order what they have planted.
        ['TimeoutStopSec', 90],
        ['KillMode', 'mixed'],
        ['UMask', '0077'],
        ['Nice', 5],
      ],
      Install: [['WantedBy', 'multi-user.target']],
    },
  };
}

export function renderWatchUnit(layout: Layout, service: WatchService): string {
  const body = bodyOf(service);
  const definition = definitionOf(service);
  return seal(
    renderBody(body, [
      [MARK, plainText(`${layout.stateDir} ${service.fleet}`)],
      [`${MARK}-Definition`, definition],
    ]),
  );
}

function definitionOf(service: WatchService): string {
  return createHash('sha256')
    .update(JSON.stringify(bodyOf(service)))
    .digest('hex');
}

/** Judges the text of the unit file; undefined: there is none. */
export function watchDefinitionIn(text: string | undefined, layout: Layout): Pick<WatchObserved, 'definition' | 'fleet'> {
  if (text === undefined) return {};
  const prefix = `${layout.stateDir.replaceAll('%', '%%')} `;
  const mark = line(text, MARK);
  if (mark?.startsWith(prefix) !== true) return { definition: FOREIGN };
  return { definition: sealHolds(text) ? (line(text, `${MARK}-Definition`) ?? 'edited') : 'edited', fleet: mark.slice(prefix.length) };
}

export const systemdWatch: WatchKeeper = {
  async observe(host, layout, signal) {
    const name = watchUnitName(layout);
    const files = await readUnits(host, layout, signal, name);
    if (files[name] === undefined) return { running: false };
    const argv = ['systemctl', 'show', '--property=ActiveState', '--', name] as const;
    const shown = await readText(host, { title: 'ask systemd about the watch', argv: [...argv] }, signal);
    const state = line(shown, 'ActiveState');
    return { ...watchDefinitionIn(files[name], layout), running: state === 'active' || state === 'activating' };
  },
  converge(layout, fleet, wanted, observed) {
    const name = watchUnitName(layout);
    const { definition, running } = observed;
    const others = definition !== undefined && observed.fleet !== fleet;
    // What another fleet of this state directory has is its own.
    if (wanted === undefined) return definition === undefined || others ? [] : unregister(name);
    if (others) {
      const whose = observed.fleet === undefined ? 'is not of this Bulkhead' : `watches the fleet ${observed.fleet}`;
      throw new BulkheadError('apply', `${DIRECTORY}/${name} ${whose}`, `look at it with \`systemctl cat ${name}\`; a state directory has one watch`);
    }
    if (definition === definitionOf(wanted)) return running ? [] : [start(name)];
    return [
      installUnit(name, renderWatchUnit(layout, wanted)),
      systemctl('let systemd read its units again', 'daemon-reload'),
      systemctl('keep the fleet watched from the next boot on', 'enable', name),
      systemctl('start watching the fleet', 'restart', name),
    ];
  },
};

function start(name: string): Command {
  return systemctl('start watching the fleet', 'enable', '--now', name);
}

function unregister(name: string): readonly Command[] {
  return [
    // 5: not loaded; 1: no such file. Both are what a half removed unit looks like. A watch that found something ends with its verdict.
    { ...systemctl('stop watching the fleet', 'stop', name), okExits: [0, 5] },
    { ...systemctl('keep the watch from starting at boot', 'disable', name), okExits: [0, 1] },
    { title: 'remove the unit of the watch', argv: ['rm', '-f', '--', join(DIRECTORY, name)] },
    systemctl('let systemd read its units again', 'daemon-reload'),
    { ...systemctl('forget how the watch ended', 'reset-failed', name), okExits: [0, 1] },
  ];
}
