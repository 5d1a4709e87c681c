/** What a blueprint's config and environment say, read as that of a running gateway would be. */
import type { Blueprint } from '../core/blueprint.ts';
import { declaredPaths, selectedPaths } from '../core/declared.ts';
import { known, type PathFact, type PathRole, type TenantFacts } from '../core/facts.ts';
import { secretReference } from '../core/fleet.ts';
import { directoryOf, normalised, resolvedFrom } from '../core/path-text.ts';
import type { IncludeFact } from '../core/place-facts.ts';
import type { ChannelIdentity, PlaceFact } from '../core/secret-facts.ts';
import type { Settings } from '../core/settings.ts';
import { BOUNDARY_SECTIONS } from '../openclaw/config.ts';
import { readCredentials, type FileSeen } from '../openclaw/credentials/credentials.ts';
import { configLayer, effectiveEnvironment, environmentFiles, variableFact } from '../openclaw/credentials/environment.ts';
import { wantedPlaces } from '../openclaw/credentials/places.ts';
import { VISIBLE } from '../openclaw/credentials/variables.ts';
import type { Masked, Masker } from '../openclaw/masking.ts';
import { isObject, type Json } from '../openclaw/merge.ts';
import { secretFiles } from '../openclaw/secrets.ts';
import { readSettings } from '../openclaw/settings/index.ts';

/** All that is read; nothing else of a blueprint may be asked here, or `shared-reading.ts` would take two tenants for alike that are not. */
export type ReadFrom = Pick<Blueprint, 'config' | 'environment' | 'paths' | 'found'>;

export interface SettingsRead extends Pick<TenantFacts, 'paths' | 'includes'> {
  readonly settings: Settings;
}

export interface CredentialsRead extends Pick<TenantFacts, 'secrets' | 'references' | 'environment' | 'places'> {
  /** Those that the credentials tell. */
  readonly identities: readonly ChannelIdentity[];
}

export function readDeclaredSettings(from: ReadFrom, config: Readonly<Json>): SettingsRead {
  const settings = readSettings({ config, environment: from.environment });
  const paths = declaredPaths(from);
  return {
    settings,
    paths: known([...paths, ...selectedPaths(settings.places, paths)].map(pathFact), 'declared'),
    includes: known(includesOf(settings, from.paths.configFile), 'declared'),
  };
}

export function readDeclaredCredentials(from: ReadFrom, config: Readonly<Json>, files: readonly FileSeen[]): CredentialsRead {
  const { paths, environment: declared } = from;
  const selecting: Record<string, string> = {};
  for (const [name, value] of Object.entries(declared)) if (VISIBLE.has(name)) selecting[name] = value;
  const environment = effectiveEnvironment(
    [{ layer: 'process', location: (name) => `env:${name}`, variables: selecting }, configLayer(config)],
    declared,
  );
  const dirs = { home: declared['HOME'] ?? paths.home, credentials: paths.credentials, config: paths.configDir };
  const { secrets, identities, references, accounts } = readCredentials({ config, environment, files, store: new Map(), dirs });
  const variables = [...environment.values()].map(variableFact);
  const envFiles = environmentFiles(declared, paths.state).map(({ layer, path }) => placeFact(layer, path));
  const places = wantedPlaces({ config, environment: declared, dirs, homes: 'moved', accounts });
  return {
    secrets: known(secrets, 'declared'),
    identities,
    references: known(references, 'declared'),
    environment: known({ variables, files: envFiles }, 'declared'),
    places: known(
      places.map(({ what, path }) => placeFact(what, path)),
      'declared',
    ),
  };
}

/** A generated token is made on the host for this tenant alone: its place tells it from every other, no value exists yet. */
export function declaredFiles(blueprint: Blueprint, provided: ReadonlyMap<string, Masked>): readonly FileSeen[] {
  return secretFiles(blueprint).map(({ file, source }): FileSeen => {
    if (source === 'generated') return { wanted: file, location: `${blueprint.host}:${file}`, identity: file };
    const location = secretReference(source);
    const value = provided.get(location);
    return { wanted: file, location, identity: file, ...(value === undefined ? {} : { value }) };
  });
}

/** What Bulkhead renders holds no secret; only the further config of a manifest may, and it never comes to the sections that the boundary owns. */
export function maskFurther(config: Readonly<Json>, masker: Masker): Readonly<Json> {
  let masked: Json | undefined;
  for (const [name, section] of Object.entries(config)) {
    if (BOUNDARY_SECTIONS.has(name)) continue;
    const seen = masker.config({ [name]: section });
    const kept = isObject(seen) ? seen[name] : undefined;
    // Most configs hold none: then the config itself is handed on.
    if (kept !== section) (masked ??= { ...config })[name] = kept;
  }
  return masked ?? config;
}

/** By text: what they include in turn is known only where they lie. */
function includesOf({ places }: Settings, from: string): readonly IncludeFact[] {
  return places.includes.map(({ value }) => {
    const declared = resolvedFrom(directoryOf(from), value);
    return { declared, real: declared, from };
  });
}

function pathFact({ role, path }: { readonly role: PathRole; readonly path: string }): PathFact {
  return { role, declared: path, real: normalised(path), exists: false };
}

function placeFact(what: string, path: string): PlaceFact {
  return { what, declared: path, real: normalised(path), exists: false };
}
