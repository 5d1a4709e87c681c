/** Runs the tenant's collector as the tenant and turns what it says into facts. */
import * as v from 'valibot';
import { declaredPaths, selectedPaths } from '../core/declared.ts';
import { known, unknown, type Known, type PathFact, type PathRole, type PolicyFact } from '../core/facts.ts';
import type { IncludeFact } from '../core/place-facts.ts';
import type { PlaceSettings } from '../core/place-settings.ts';
import { parseResult, selfContainedProgram } from '../hosts/run-program.ts';
import { sibling } from '../hosts/self-contained.ts';
import { MASKING } from '../openclaw/credentials/masking-rules.ts';
import { readLiveConfig, type LiveConfig } from '../openclaw/live-config.ts';
import { makeMasker } from '../openclaw/masking.ts';
import { isObject, type Json } from '../openclaw/merge.ts';
import { placeSettings } from '../openclaw/settings/places.ts';
import { collectTree, type TreeView } from './collect-tree.ts';
import { TenantCollected } from './collected.ts';
import { reason, type Subject } from './subject.ts';
import type { TenantRequest } from './tenant-collector.ts';

export interface TenantView extends TreeView {
  readonly paths: Known<readonly PathFact[]>;
  readonly includes: Known<readonly IncludeFact[]>;
  readonly policy: Known<PolicyFact>;
  /** The config as it lies in the tree, its secrets masked. */
  readonly config: Known<Readonly<Json>>;
}

type Collected = v.InferOutput<typeof TenantCollected>;
type Wanted = readonly { readonly role: PathRole; readonly path: string; readonly elsewhere?: boolean }[];

export async function collectTenant(subject: Subject, key: string): Promise<TenantView> {
  const { blueprint, observed, details, signal } = subject;
  if (!observed.known) return nothing(observed.why);
  if (details.uid === undefined) return nothing('it is not built: its OS user does not exist');
  // A backup lies where the tenant may not look.
  const declared: Wanted = declaredPaths(blueprint).map(({ role, path }) => ({ role, path, elsewhere: role === 'backup' }));
  const request = { key, rules: MASKING, openclaw: blueprint.install.openclaw };
  try {
    const first = throughLens(subject, await lookAtFiles(subject, { ...request, paths: declared, configFile: blueprint.paths.configFile }));
    // Nothing was rendered for a gateway that was found.
    const [preset, rendered] = blueprint.found === true ? [] : [blueprint.policy.preset, masked(blueprint.config, key)];
    const live = first.config.ok ? readLiveConfig(first.config.value, preset, rendered) : undefined;
    const config = first.config.ok && isObject(first.config.value) ? first.config.value : blueprint.config;
    const places = placeSettings({ config, environment: blueprint.environment });
    const paths = live === undefined ? [] : notDeclared(live, places, declared);
    // The config on disk names places that the manifest does not: they count as the tenant's own.
    const second = paths.length === 0 ? undefined : await lookAtFiles(subject, { ...request, paths });
    return { ...viewOf(subject, first, second, live), ...(await collectTree(subject, observed.value, key, { first, second, places })) };
  } catch (error) {
    return nothing(reason(error, signal));
  }
}

/** The tenant's collector, run as the tenant. Throws where it gives no answer. */
export async function lookAtFiles({ blueprint, layout, isolation, observed, host, signal }: Subject, request: TenantRequest): Promise<Collected> {
  const title = `look at the files of ${blueprint.tenant}`;
  const program = selfContainedProgram({
    program: sibling(import.meta.url, 'tenant-collector'),
    request,
    node: blueprint.install.node,
    title,
    timeoutMs: 30_000,
    redact: true,
  });
  const command = isolation.asTenant(blueprint, layout, observed.known ? observed.value : undefined, program);
  const answer = v.safeParse(TenantCollected, parseResult<unknown>(await host.run(command, signal), title, host.id));
  if (!answer.success) throw new Error(`the files of ${blueprint.tenant} were described in an unexpected shape`);
  return answer.output;
}

/** As the collector masks the live one: both sides of a comparison. */
function masked(config: Readonly<Json>, key: string): Readonly<Json> {
  const seen = makeMasker(key, MASKING).config(config);
  return isObject(seen) ? seen : {};
}

function throughLens({ lens }: Subject, seen: Collected): Collected {
  if (lens === undefined || !seen.config.ok || !isObject(seen.config.value)) return seen;
  return { ...seen, config: { ok: true, value: lens.config(seen.config.value) } };
}

function notDeclared(live: LiveConfig, places: PlaceSettings, declared: Wanted): Wanted {
  const log = live.paths['log'];
  const isNew = log !== undefined && log.startsWith('/') && !declared.some(({ role, path }) => role === 'log' && path === log);
  const paths = [...(isNew ? [{ role: 'log' as const, path: log }] : []), ...selectedPaths(places, declared)];
  return paths.slice(0, 100).map((one) => ({ ...one, elsewhere: true }));
}

function viewOf(
  { blueprint }: Subject,
  first: Collected,
  second: Collected | undefined,
  live: LiveConfig | undefined,
): Omit<TenantView, keyof TreeView> {
  const configWhy = first.config.ok ? '' : `its config could not be read: ${first.config.why}`;
  return {
    paths: join(first.paths, second?.paths),
    includes: first.includes.ok ? known(first.includes.value, `config:${blueprint.paths.configFile}`) : unknown(first.includes.why),
    policy: live === undefined ? unknown(configWhy) : known(live.policy, `config:${blueprint.paths.configFile}`),
    config: first.config.ok
      ? known(isObject(first.config.value) ? first.config.value : {}, `config:${blueprint.paths.configFile}`)
      : unknown(configWhy),
  };
}

type Part<T> = { readonly ok: true; readonly value: readonly T[] } | { readonly ok: false; readonly why: string };

/** Both or nothing: half a list would look like all there is. */
function join<T>(first: Part<T>, second: Part<T> | undefined): Known<readonly T[]> {
  if (!first.ok) return unknown(first.why);
  if (second?.ok === false) return unknown(second.why);
  return known([...first.value, ...(second?.value ?? [])], 'read as the tenant');
}

function nothing(why: string): TenantView {
  return {
    paths: unknown(why),
    includes: unknown(why),
    hardLinks: unknown(why),
    links: unknown(why),
    access: unknown(why),
    prompts: unknown(why),
    stores: unknown(why),
    policy: unknown(why),
    config: unknown(why),
  };
}
