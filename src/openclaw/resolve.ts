/**
 * Which paths a gateway uses that Bulkhead did not start, from its command line and environment. Source: openclaw 2026.9.6
 * docs/help/environment.md, docs/cli/index.md and dist `paths-*`, `home-dir-*`, `workspace-default-*`; seen by running `openclaw config file`.
 */

import { resolvedFrom } from '../core/path-text.ts';

export interface Launch {
  /** Words of the command line after the program; [] where they cannot be seen: a running gateway hides them. */
  readonly argv: readonly string[];
  /** Variables that select something. */
  readonly environment: Readonly<Record<string, string>>;
  /** Home of the OS user, from the password file. */
  readonly osHome: string;
  readonly directory: string;
}

export interface Resolved {
  readonly home: string;
  readonly stateDir: string;
  readonly configPath: string;
  /** Where agents work unless the config says otherwise. */
  readonly workspace: string;
  /** The profile by which the log and the default port are named: `--profile`, else OPENCLAW_PROFILE. */
  readonly profile?: string;
  /** OPENCLAW_PROFILE is set, and selects neither config nor state. */
  readonly profileByEnvironmentAlone: boolean;
  /** `--port`, when the command line is known. */
  readonly portArgument?: number;
}

const PROFILE = /^[a-z0-9][a-z0-9_-]{0,63}$/i;

export function resolveLaunch({ argv, environment, osHome, directory }: Launch): Resolved {
  const home = text(environment['OPENCLAW_HOME']) ?? text(environment['HOME']) ?? text(environment['USERPROFILE']) ?? osHome;
  const place = (path: string): string => absolute(path.replace(/^~(?=\/|$)/, home), directory);
  const argument = profileName(optionOf(argv, '--profile'));
  const fromEnvironment = profileName(environment['OPENCLAW_PROFILE']);
  const named = custom(text(environment['OPENCLAW_STATE_DIR']), argument, home);
  const byProfile = argument === undefined ? `${home}/.openclaw` : `${home}/.openclaw-${argument}`;
  const stateDir = named === undefined ? byProfile : place(named);
  const config = text(environment['OPENCLAW_CONFIG_PATH']);
  const configNamed =
    config !== undefined && (argument === undefined || !isCanonical(place(config).replace(/\/[^/]+$/, ''), home)) ? place(config) : undefined;
  const profile = argument ?? fromEnvironment;
  const portArgument = Number(optionOf(argv, '--port') ?? (argv.includes('--dev') ? 19_001 : Number.NaN));
  return {
    home,
    stateDir,
    configPath: configNamed ?? `${stateDir}/openclaw.json`,
    workspace:
      text(environment['OPENCLAW_WORKSPACE_DIR']) === undefined ? `${stateDir}/workspace` : place(environment['OPENCLAW_WORKSPACE_DIR'] ?? ''),
    ...(profile === undefined ? {} : { profile }),
    profileByEnvironmentAlone: argument === undefined && fromEnvironment !== undefined && named === undefined,
    ...(Number.isInteger(portArgument) ? { portArgument } : {}),
  };
}

/** A customised state directory wins over `--profile`; the canonical one of another profile, inherited, does not. */
function custom(stateDir: string | undefined, argument: string | undefined, home: string): string | undefined {
  return stateDir !== undefined && argument !== undefined && isCanonical(stateDir, home) ? undefined : stateDir;
}

function isCanonical(path: string, home: string): boolean {
  return path === `${home}/.openclaw` || path.startsWith(`${home}/.openclaw-`);
}

/** `--name value` or `--name=value`. */
function optionOf(argv: readonly string[], name: string): string | undefined {
  const at = argv.indexOf(name);
  if (at >= 0) return argv[at + 1];
  return argv.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
}

function profileName(name: string | undefined): string | undefined {
  return name !== undefined && PROFILE.test(name) && name.toLowerCase() !== 'default' ? name : undefined;
}

/** Blank, `undefined` and `null` count as not set. */
function text(value: string | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed === undefined || ['', 'undefined', 'null'].includes(trimmed) ? undefined : trimmed;
}

function absolute(path: string, directory: string): string {
  return resolvedFrom(directory, path);
}
