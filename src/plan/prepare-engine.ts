/** The engine that a host's tenants in containers need: what is wrong with it, and the package that brings it. Pure. */
import type { Tenant } from '../core/fleet.ts';
import type { MachineSeen, Need } from '../core/machine.ts';
import { ENGINE_PACKAGES, ENGINES, type Engine } from '../core/words.ts';

/** What the tenants of one host want: an engine by its name, or whichever it has. */
export type WantedEngine = Engine | 'any';

/** [] where none of them is in a container. A Docker of a tenant's own is not the host's, which may be off. */
export function wantedEngines(tenants: readonly Pick<Tenant, 'isolation' | 'inside' | 'engine' | 'rootless'>[]): readonly WantedEngine[] {
  const contained = tenants.filter(
    ({ isolation, inside, engine, rootless }) => [isolation, inside].includes('container') && !(rootless === true && engine === 'docker'),
  );
  return [...new Set(contained.map(({ engine }) => engine ?? 'any'))].toSorted();
}

/** Undefined where no tenant is in a container. */
export function engineNeed(seen: MachineSeen, wanted: readonly WantedEngine[], debian: boolean): Need | undefined {
  const engines = enginesFor(seen, wanted);
  if (engines.length === 0) return undefined;
  const need = { id: 'engine', what: 'an engine of containers' } as const;
  const missing = engines.filter((engine) => !seen.programs.includes(engine));
  if (missing.length > 0 && debian) return { ...need, state: 'lacking', seen: `missing: ${missing.join(', ')}` };
  if (missing.length > 0) return { ...need, state: 'blocked', seen: `missing: ${missing.join(', ')}`, fix: `install ${missing.join(' and ')}` };
  const silent = engines.find((engine) => !seen.engines.includes(engine));
  if (silent !== undefined)
    return { ...need, state: 'blocked', seen: `${silent} is there and does not answer`, fix: `see why: ${silent} info; systemctl status ${silent}` };
  return { ...need, state: 'fine', seen: `${engines.join(' and ')}: there, and answering` };
}

/** To ask apt for; [] when none is missing. */
export function enginePackages(seen: MachineSeen, wanted: readonly WantedEngine[]): readonly string[] {
  return enginesFor(seen, wanted)
    .filter((engine) => !seen.programs.includes(engine))
    .map((engine) => ENGINE_PACKAGES[engine]);
}

/** As the rung chooses: Docker first, of those that are there. */
function enginesFor({ programs }: MachineSeen, wanted: readonly WantedEngine[]): readonly Engine[] {
  const any = ENGINES.find((engine) => programs.includes(engine)) ?? ENGINES[0];
  return [...new Set(wanted.map((engine) => (engine === 'any' ? any : engine)))];
}
