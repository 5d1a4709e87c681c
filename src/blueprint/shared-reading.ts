/**
 * Reads configs of one form once. In a fleet of thousands nearly all configs differ only in where their tenants lie, and reading them is half
 * of a plan. Two blueprints are of one form when all that is read of them is the same text, once each tenant's own paths are taken out of it.
 */
import type { Blueprint } from '../core/blueprint.ts';
import type { FileSeen } from '../openclaw/credentials/credentials.ts';
import type { Masked, Masker } from '../openclaw/masking.ts';
import { patternOf, type OwnTexts, type Pattern } from './fill-in.ts';
import {
  declaredFiles,
  maskFurther,
  readDeclaredCredentials,
  readDeclaredSettings,
  type CredentialsRead,
  type ReadFrom,
  type SettingsRead,
} from './reading.ts';

export interface Reading extends SettingsRead, CredentialsRead {}

interface Form {
  readonly settings: Pattern<SettingsRead>;
  /** Of credentials whose values are not provided: a value tells what is this tenant's alone. */
  readonly credentials: Pattern<CredentialsRead>;
}

/** A fleet of more forms than that is read one by one. */
const MOST_FORMS = 1000;

/** Reads blueprint after blueprint, each as if it were the only one. */
export function makeReader(provided: ReadonlyMap<string, Masked>, masker: Masker): (blueprint: Blueprint) => Reading {
  const forms = new Map<string, Form | undefined>();
  const formFor = (blueprint: Blueprint, files: readonly FileSeen[]): Form | undefined => {
    const { rung, paths } = blueprint;
    // A port of its own in each config: every one would be a form. And a short path may be a part of a text that is nobody's.
    if (rung === 'profile' || [paths.root, paths.secretsDir].some((path) => path.split('/').length < 4)) return undefined;
    const key = keyOf(blueprint, files);
    const known = forms.get(key);
    if (known !== undefined || forms.has(key) || forms.size >= MOST_FORMS) return known;
    const form = formOf(blueprint, files, masker);
    forms.set(key, form);
    return form;
  };
  return (blueprint) => {
    const files = declaredFiles(blueprint, provided);
    const form = formFor(blueprint, files);
    const config = form === undefined ? maskFurther(blueprint.config, masker) : blueprint.config;
    const own = [blueprint.paths.root, blueprint.paths.secretsDir, ...files.map(({ location }) => location)];
    const settings = form?.settings(own) ?? readDeclaredSettings(blueprint, config);
    const isProvided = files.some(({ value }) => value !== undefined);
    const credentials = (isProvided ? undefined : form?.credentials(own)) ?? readDeclaredCredentials(blueprint, config, files);
    return { ...settings, ...credentials };
  };
}

/**
 * Configs that are written as the same JSON are one config. Reading compares lengths and letters at most, never names: with ids of one
 * length, made of letters that all count alike, what holds of one tenant's paths holds of the other's.
 */
function keyOf(blueprint: Blueprint, files: readonly FileSeen[]): string {
  const { root, secretsDir } = blueprint.paths;
  const { config, environment, paths, found } = readFrom(blueprint);
  const text = JSON.stringify([root.length, config, environment, paths, found, files.map(({ wanted }) => wanted), marksOf(files)]);
  // JSON holds no such characters of its own.
  return text.replaceAll(inJson(root), '\u0001').replaceAll(inJson(secretsDir), '\u0002');
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** What OpenClaw's user is called is in nothing that is read. */
function readFrom(blueprint: Blueprint): ReadFrom {
  return { ...blueprint, environment: { ...blueprint.environment, USER: '', LOGNAME: '' } };
}

/** Stands for where a secret comes from: two from one place are told as one, and how the place is named says what kind it is. */
function marksOf(files: readonly FileSeen[]): readonly string[] {
  const locations = files.map(({ location }) => location);
  return locations.map((location) => `${/^(?:config|env|file):/.exec(location)?.[0] ?? ''}\u0000${locations.indexOf(location)}\u0000`);
}

/** Undefined where something in the config had to be masked: a digest tells nothing of whose path is in it. */
function formOf(blueprint: Blueprint, files: readonly FileSeen[], masker: Masker): Form | undefined {
  if (maskFurther(blueprint.config, masker) !== blueprint.config) return undefined;
  const from = readFrom(blueprint);
  const { root, secretsDir } = blueprint.paths;
  const marks = marksOf(files);
  const marked = files.map(({ wanted, identity }, at): FileSeen => ({ wanted, identity, location: marks[at] ?? '' }));
  const own: OwnTexts = [root, secretsDir, ...marks];
  return {
    settings: patternOf(readDeclaredSettings(from, from.config), own),
    credentials: patternOf(readDeclaredCredentials(from, from.config, marked), own),
  };
}
