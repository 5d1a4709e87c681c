/** The lines that our programs print inside a boundary. They run as the tenant, so their shape is checked, never assumed. */
import type { RanAs } from '../core/probe.ts';
import type { CloneLine } from './clone.ts';
import type { Health } from './health.ts';
import type { Held, Released } from './holder.ts';
import type { Attempted } from './actions.ts';

type Fields = Readonly<Record<string, unknown>>;

const SESSION_KEY = /^[\w:.-]{1,200}$/;

export function readInsideLine(line: string): { readonly ranAs?: RanAs; readonly attempted?: Attempted } | undefined {
  const fields = parse(line);
  if (fields === undefined) return undefined;
  if (isFields(fields['ranAs'])) {
    const ranAs = readRanAs(fields['ranAs']);
    return ranAs === undefined ? undefined : { ranAs };
  }
  const { key, ok, got, code, agents } = fields;
  if (typeof key !== 'string') return undefined;
  if (ok === true && typeof got === 'string') return { attempted: { key, ok, got, ...(Array.isArray(agents) ? { agents: list(agents) } : {}) } };
  if (ok === false && typeof code === 'string') return { attempted: { key, ok, code: code.slice(0, 400) } };
  return undefined;
}

function readRanAs({ uid, gid, groups, namespaces, configPath }: Fields): RanAs | undefined {
  if (typeof uid !== 'number' || typeof gid !== 'number' || typeof configPath !== 'string') return undefined;
  if (!Array.isArray(groups) || !isFields(namespaces)) return undefined;
  return { uid, gid, configPath, groups: groups.filter((group) => typeof group === 'number'), namespaces: strings(namespaces) };
}

export function readHeld(line: string): Held | undefined {
  const fields = parse(line);
  if (fields?.['ready'] !== true || !isFields(fields['canaries']) || !isFields(fields['listening'])) return undefined;
  const listening = Object.fromEntries(Object.entries(fields['listening']).filter((entry): entry is [string, number] => Number.isInteger(entry[1])));
  const { browser, session } = fields;
  const named = typeof browser === 'string' && /^[0-9a-f-]{36}$/.test(browser) ? { browser } : {};
  return {
    ready: true,
    canaries: strings(fields['canaries']),
    shared: isFields(fields['shared']) ? strings(fields['shared']) : {},
    decoyPid: typeof fields['decoyPid'] === 'number' && Number.isInteger(fields['decoyPid']) && fields['decoyPid'] > 1 ? fields['decoyPid'] : 0,
    listening,
    squatted: list(fields['squatted']),
    problems: list(fields['problems']),
    ...named,
    ...(typeof session === 'string' && SESSION_KEY.test(session) ? { session } : {}),
  };
}

export function readReleased(line: string): Released | undefined {
  const fields = parse(line);
  if (fields?.['released'] !== true || !Array.isArray(fields['affected'])) return undefined;
  const health = readHealth(fields['health']);
  return {
    released: true,
    affected: list(fields['affected']),
    noticesChange: fields['noticesChange'] === true,
    ...(health === undefined ? {} : { health }),
  };
}

function readHealth(value: unknown): Health | undefined {
  if (!isFields(value)) return undefined;
  const number = (name: keyof Health): number => (typeof value[name] === 'number' ? value[name] : Number.NaN);
  const last = value['after'] === undefined ? {} : { after: number('after') };
  const health = { before: number('before'), during: number('during'), ...last, asked: number('asked'), silent: number('silent') };
  return Object.values(health).every((figure) => figure >= 0) ? health : undefined;
}

export function readCloneLine(line: string): CloneLine | undefined {
  const { up, down, room } = parse(line) ?? {};
  if (up === true) return { up };
  if (typeof down === 'string') return { down: down.slice(0, 400) };
  return room === null || (typeof room === 'number' && Number.isFinite(room)) ? { room } : undefined;
}

function parse(line: string): Fields | undefined {
  if (line.length > 262_144) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function strings(fields: Fields): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function list(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string').slice(0, 100) : [];
}
