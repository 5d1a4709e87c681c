/** Joins what belongs to one gateway. Two processes are two gateways; a unit and a directory are the process that uses the same state. Pure. */
import type { Known } from '../core/facts.ts';
import type { Json } from '../openclaw/merge.ts';
import { nameOfState } from '../openclaw/discovery.ts';
import type { Resolved } from '../openclaw/resolve.ts';
import { SIGHTING_KINDS, type Sighting } from './sighting.ts';

/** A sighting with what was seen at the paths that it leads to. */
export interface LookedAt {
  readonly sighting: Sighting;
  readonly looked: Known<Looked>;
}

export interface Looked {
  readonly resolved: Resolved;
  /** Identity of the object, else its real path. */
  readonly state: string;
  readonly config: string;
  /** Secrets masked; unknown when it cannot be read. */
  readonly text: Known<Readonly<Json>>;
}

/** One gateway: its best sighting first. */
export interface Gateway {
  readonly id: string;
  readonly main: LookedAt;
  readonly others: readonly Sighting[];
}

export function mergeSightings(all: readonly LookedAt[]): readonly Gateway[] {
  const ordered = SIGHTING_KINDS.flatMap((kind) => all.filter(({ sighting }) => sighting.kind === kind));
  const merged: { main: LookedAt; others: Sighting[] }[] = [];
  for (const one of ordered) {
    const same = merged.find(({ main, others }) => belongs(one, main, others));
    if (same === undefined) merged.push({ main: one, others: [] });
    else same.others.push(one.sighting);
  }
  const taken = new Set<string>();
  return merged.map(({ main, others }) => ({ id: idOf(main, others, taken), main, others }));
}

function belongs({ sighting, looked }: LookedAt, main: LookedAt, others: readonly Sighting[]): boolean {
  if (!looked.known || !main.looked.known) return false;
  const isOther = (kind: Sighting['kind']): boolean => main.sighting.kind === kind || others.some((other) => other.kind === kind);
  const [here, there] = [looked.value, main.looked.value];
  if (here.state !== there.state) return false;
  if (sighting.kind === 'directory') return true;
  // A file describes the container that an engine runs.
  if (sighting.kind === 'compose') return main.sighting.kind === 'container';
  if (['process', 'container', 'pod'].includes(sighting.kind) || main.sighting.kind === 'pod' || isOther(sighting.kind)) return false;
  return here.config === there.config && sighting.runsAs?.uid === main.sighting.runsAs?.uid;
}

/** Valid as a tenant's id, and nobody else's: by profile, unit, container, state directory, user. */
function idOf({ sighting, looked }: LookedAt, others: readonly Sighting[], taken: Set<string>): string {
  const resolved = looked.known ? looked.value.resolved : undefined;
  const names = [
    resolved?.profile,
    ...[sighting, ...others].flatMap(({ names: own }) => own),
    resolved === undefined ? undefined : nameOfState(resolved.stateDir),
    sighting.runsAs?.name,
    'gateway',
  ];
  const plain = names.map((name) => validId(name ?? '')).find((name) => name !== '') ?? 'gateway';
  let id = plain;
  for (let number = 2; taken.has(id); number += 1) id = `${plain.slice(0, 36)}-${number}`;
  taken.add(id);
  return id;
}

function validId(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
}
