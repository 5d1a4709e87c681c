/** The rung `container` with one engine against the suite of all rungs: real users, networks, rules, in a world of their own. */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { after, before } from 'node:test';
import type { Command } from '../../src/core/command.ts';
import type { Host } from '../../src/core/host.ts';
import type { Engine } from '../../src/core/words.ts';
import { container } from '../../src/isolation/container/container.ts';
import { sampleBlueprint, sampleLayout } from '../../src/isolation/os-user/sample.ts';
import { conformsToIsolation, type IsolationSubject } from '../conformance/isolation.ts';
import { engineHost, type EngineHost } from './engine-host.ts';
import { requires, testInstall } from './requires.ts';

type Foreign = IsolationSubject<unknown>['foreign'][number];

const PROGRAMS = ['nft', 'ip', 'nsenter', 'setpriv', 'perl', 'useradd', 'runc'];

/** `rootless`: an engine of the tenant's own. */
export function containerConforms(engine: Engine, rootless = false): void {
  const more = !rootless ? [] : engine === 'podman' ? ['newuidmap', 'newgidmap', 'unshare'] : ['dockerd', 'containerd', 'bwrap'];
  const skip = requires({ root: true, linux: true, openclaw: true, programs: [...PROGRAMS, ...more, engine] });
  const instance = `bh${randomBytes(2).toString('hex')}`;
  const stateDir = `/var/lib/${instance}-test`;
  const layout = sampleLayout(instance, stateDir, testInstall());
  const blueprint = {
    ...sampleBlueprint('acme', rootless && engine === 'docker' ? 46_480 : 46_000, layout),
    rung: 'container',
    engine,
    ...(rootless ? { rootless: true as const } : {}),
  } as const;
  const name = `${instance}-acme`;
  let here: EngineHost | undefined;
  const inner = (): Host => {
    if (here === undefined) throw new Error('the world is not open');
    return here.host;
  };
  const host: Host = {
    id: 'local',
    run: (command, signal) => inner().run(command, signal),
    stream: (command, onLine, signal) => inner().stream(command, onLine, signal),
  };

  if (skip === false) {
    before(async () => {
      here = await engineHost(engine, rootless);
      await here.pinEmptyImage(stateDir);
    });
    after(async () => {
      await here?.end();
      rmSync(stateDir, { recursive: true, force: true });
    });
  }
  const command = (...argv: [string, ...string[]]): Command => ({ title: argv.join(' '), argv });
  const ofAll: readonly Foreign[] = [
    { what: "a user of our name without this tenant's mark", make: [command('useradd', '--system', name)], undo: [command('userdel', name)] },
    {
      what: 'a bridge of our name',
      make: [command('ip', 'link', 'add', name, 'type', 'bridge')],
      undo: [command('ip', 'link', 'delete', name)],
    },
  ];
  const ofEngines: readonly Foreign[] = [
    {
      what: 'a container of our name without our label',
      make: [command(engine, 'container', 'create', '--name', name, 'localhost/empty:test', 'true')],
      undo: [command(engine, 'container', 'rm', name)],
    },
    {
      what: 'a network of our name without our label',
      make: [command(engine, 'network', 'create', name)],
      undo: [command(engine, 'network', 'rm', name)],
    },
  ];
  conformsToIsolation({
    isolation: container,
    host,
    layout,
    blueprint,
    skip,
    // An engine takes seconds for what else takes milliseconds. Several of them, so that they are interrupted at other places.
    every: rootless && engine === 'docker' ? 7 : engine === 'docker' ? 3 : 5,
    // A rootless engine has none but its tenant's; ranges of ids are in `container.test.ts`.
    foreign: rootless ? ofAll : [...ofAll, ...ofEngines],
  });
}
