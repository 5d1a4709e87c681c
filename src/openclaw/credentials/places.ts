/** Directories and sockets by which two tenants could meet. Source: openclaw 2026.9.6 docs/gateway/authentication.md; the programs' own manuals. */
import type { AccountView, ChannelProvider } from '../channels/provider.ts';
import { isObject, type Json } from '../merge.ts';
import { below, textBelow } from './walk.ts';

export interface WantedPlace {
  /** `cli:…` a login of a command-line program, `session:…` of the OS user's session, `channel:…`, `mcp:…`. */
  readonly what: string;
  readonly path: string;
}

export interface PlaceSources {
  readonly config: Readonly<Json>;
  readonly environment: Readonly<Record<string, string>>;
  readonly dirs: { readonly home: string; readonly credentials: string };
  /** `all`: also those that lie in the home unless something moves them. On a plan the home itself stands for them: nothing exists that could lead elsewhere. */
  readonly homes: 'all' | 'moved';
  readonly accounts: readonly { readonly provider: ChannelProvider; readonly account: AccountView }[];
}

export function wantedPlaces({ config, environment, dirs, homes, accounts }: PlaceSources): readonly WantedPlace[] {
  const channels = accounts.flatMap(({ provider, account }) =>
    [...(provider.stores?.(account, dirs) ?? [])].map(({ path }) => ({ what: `channel:${provider.channel}`, path })),
  );
  const own = [...logins(environment, dirs.home), ...session(environment, dirs.home)];
  const kept = homes === 'all' ? own : [{ what: 'cli:home', path: dirs.home }, ...own.filter(({ path }) => !path.startsWith(`${dirs.home}/`))];
  const places = [...kept, ...channels, ...toolServers(config)];
  const full = places.map(({ what, path }) => ({ what, path: path.startsWith('~/') ? `${dirs.home}${path.slice(1)}` : path }));
  return full.filter(({ path }) => path.startsWith('/')).slice(0, 500);
}

/** Source: `codex`, `claude`, `gemini`, `gh`, `aws`, `gcloud`, `gog`: where each keeps its login, and the variable that moves it. */
function logins(environment: Readonly<Record<string, string>>, home: string): readonly WantedPlace[] {
  const config = environment['XDG_CONFIG_HOME'] ?? `${home}/.config`;
  const awsFile = environment['AWS_CONFIG_FILE'];
  const key = environment['GOOGLE_APPLICATION_CREDENTIALS'];
  return [
    { what: 'cli:codex', path: environment['CODEX_HOME'] ?? `${home}/.codex` },
    { what: 'cli:claude', path: environment['CLAUDE_CONFIG_DIR'] ?? `${home}/.claude` },
    { what: 'cli:gemini', path: `${home}/.gemini` },
    { what: 'cli:gh', path: environment['GH_CONFIG_DIR'] ?? `${config}/gh` },
    { what: 'cli:aws', path: awsFile ?? `${home}/.aws/config` },
    { what: 'cli:aws-credentials', path: environment['AWS_SHARED_CREDENTIALS_FILE'] ?? `${home}/.aws/credentials` },
    { what: 'cli:gcloud', path: environment['CLOUDSDK_CONFIG'] ?? `${config}/gcloud` },
    { what: 'cli:gog', path: `${config}/gogcli` },
    { what: 'cli:ssh', path: `${home}/.ssh` },
    { what: 'cli:skills', path: `${home}/.agents` },
    ...(key === undefined ? [] : [{ what: 'cli:google-key', path: key }]),
  ];
}

function session(environment: Readonly<Record<string, string>>, home: string): readonly WantedPlace[] {
  const bus = /(?:^|;)unix:path=([^,;]+)/.exec(environment['DBUS_SESSION_BUS_ADDRESS'] ?? '')?.[1];
  const named = [
    ['session:bus', bus],
    ['session:ssh-agent', environment['SSH_AUTH_SOCK']],
    ['session:gpg', environment['GNUPGHOME'] ?? `${home}/.gnupg`],
    ['session:gpg-agent', environment['GPG_AGENT_INFO']?.split(':')[0]],
    ['session:runtime', environment['XDG_RUNTIME_DIR']],
  ] as const;
  return named.flatMap(([what, path]) => (path === undefined || path === '' ? [] : [{ what, path }]));
}

/** Where a local tool server works: its directory, and directories among its arguments. Installed programs are no data. */
function toolServers(config: Readonly<Json>): readonly WantedPlace[] {
  const servers = below(config, 'mcp.servers');
  if (!isObject(servers)) return [];
  return Object.entries(servers).flatMap(([name, server]) => {
    const args = below(server, 'args');
    const cwd = textBelow(server, 'cwd');
    const paths = (Array.isArray(args) ? args : [])
      .filter((arg): arg is string => typeof arg === 'string')
      .map((arg) => arg.replace(/^--?[\w-]+=/, ''));
    const data = paths.filter(
      (path) => /^(?:\/|~\/)./.test(path) && !/^\/(?:usr|opt|bin|lib|nix|snap)\//.test(path) && !/\.(?:[cm]?[jt]s|py|jar|sh)$/.test(path),
    );
    return [...(cwd === undefined ? [] : [cwd]), ...data].map((path) => ({ what: `mcp:${name}`, path }));
  });
}
