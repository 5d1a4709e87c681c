/** Runs the collector of secrets as the tenant and turns what it says into facts. */
import * as v from 'valibot';
import { known, unknown, type Known, type TenantFacts } from '../core/facts.ts';
import type { ChannelIdentity, LoginFact, SecretFact } from '../core/secret-facts.ts';
import { secretReference } from '../core/fleet.ts';
import { parseResult, selfContainedProgram } from '../hosts/run-program.ts';
import { sibling } from '../hosts/self-contained.ts';
import { declaredIdentities } from '../openclaw/channels/render.ts';
import { readCredentials, type Credentials, type CredentialSources, type FileSeen } from '../openclaw/credentials/credentials.ts';
import {
  configLayer,
  effectiveEnvironment,
  environmentFiles,
  variableFact,
  type SeenLayer,
  type SeenVariables,
  type Variable,
} from '../openclaw/credentials/environment.ts';
import { JWT_ACCOUNTS, MASKING } from '../openclaw/credentials/masking-rules.ts';
import { wantedPlaces } from '../openclaw/credentials/places.ts';
import { VISIBLE_NAMES } from '../openclaw/credentials/variables.ts';
import { isMasked, secretsIn, walk } from '../openclaw/credentials/walk.ts';
import type { Json } from '../openclaw/merge.ts';
import { channelSecretFile, secretFiles } from '../openclaw/secrets.ts';
import { SecretsCollected } from './collected-secrets.ts';
import type { SecretsRequest } from './secrets-collector.ts';
import { reason, type Subject } from './subject.ts';

export type SecretView = Pick<TenantFacts, 'secrets' | 'identities' | 'environment' | 'references' | 'logins' | 'places'> & {
  /** Effective variables that select something, for whatever is derived from them. */
  readonly selecting: Known<Readonly<Record<string, string>>>;
  /** People who were paired, as they stand in the state. */
  readonly paired: readonly { readonly channel: string; readonly entry: string }[];
  /** Shell histories that hold one of its secrets. */
  readonly histories: Known<readonly { readonly file: string; readonly digest: string }[]>;
};

type Collected = v.InferOutput<typeof SecretsCollected>;

/** `config`: its secrets masked under the same key. `process`: variables of the running gateway, or the declared ones while none runs. */
export interface SecretsInput {
  readonly key: string;
  readonly config: Known<Readonly<Json>>;
  readonly process: Known<SeenVariables>;
}

export async function collectSecrets(subject: Subject, { key, config, process }: SecretsInput): Promise<SecretView> {
  const { blueprint, observed, details, signal } = subject;
  if (!observed.known) return nothing(observed.why);
  if (details.uid === undefined) return nothing('it is not built: its OS user does not exist');
  if (!config.known) return nothing(`its config could not be read: ${config.why}`);
  if (!process.known) return nothing(`the variables of its gateway are not known: ${process.why}`);
  const layers: readonly SeenLayer[] = [{ layer: 'process', location: (name) => `env:${name}`, variables: process.value }, configLayer(config.value)];
  try {
    const first = sourcesOf(subject, config.value, effectiveEnvironment(layers, blueprint.environment));
    const answer = await run(subject, requestOf(subject, key, first));
    const [own, ...rest] = layers;
    const files = answer.envFiles.ok
      ? answer.envFiles.value.map(({ layer, place, variables }): SeenLayer => ({
          layer,
          location: (name) => `file:${place.identity ?? place.real}#${name}`,
          variables,
        }))
      : [];
    const environment = effectiveEnvironment([...(own === undefined ? [] : [own]), ...files, ...rest], blueprint.environment);
    return viewOf(subject, answer, { ...first, environment, ...readOf(answer) });
  } catch (error) {
    return nothing(reason(error, signal));
  }
}

function sourcesOf({ blueprint }: Subject, config: Readonly<Json>, environment: ReadonlyMap<string, Variable>): CredentialSources {
  const { paths } = blueprint;
  const home = environment.get('HOME')?.value ?? paths.home;
  return { config, environment, files: [], store: new Map(), dirs: { home, credentials: paths.credentials, config: paths.configDir } };
}

function readOf({ files, stores }: Collected): Pick<CredentialSources, 'files' | 'store'> {
  return {
    files: files.ok
      ? files.value.map(({ wanted, pointer, file, identity, value }): FileSeen => ({
          wanted,
          location: `file:${file}${pointer === undefined ? '' : `#${pointer}`}`,
          identity,
          value,
          ...(pointer === undefined ? {} : { pointer }),
        }))
      : [],
    store: new Map(stores.ok ? stores.value.store.map(({ name, value }) => [name, value]) : []),
  };
}

function requestOf({ blueprint }: Subject, key: string, sources: CredentialSources): SecretsRequest {
  const { paths } = blueprint;
  const declared = secretFiles(blueprint).map(({ file }) => ({ path: file, must: true }));
  const { wanted, accounts } = readCredentials(sources);
  const must = new Set(declared.map(({ path }) => path));
  const inline = secretsIn(sources.config).flatMap(({ value }) => (isMasked(value) ? [value.masked] : []));
  const selecting = selectingOf(sources.environment);
  const agents = sources.config['agents'];
  return {
    key,
    rules: MASKING,
    visible: VISIBLE_NAMES,
    files: [...declared, ...wanted.filter(({ path }) => path.startsWith('/') && !must.has(path))].slice(0, 500),
    envFiles: environmentFiles(selecting, selecting['OPENCLAW_STATE_DIR'] ?? paths.state),
    places: wantedPlaces({ config: sources.config, environment: selecting, dirs: sources.dirs, homes: 'all', accounts }),
    agents: {
      parent: `${paths.state}/agents`,
      more: [...walk(agents)].flatMap(({ path, value }) =>
        path.at(-1) === 'agentDir' && typeof value === 'string' && value.startsWith('/') ? [value] : [],
      ),
    },
    stateDatabase: `${paths.state}/state/openclaw.sqlite`,
    histories: ['.bash_history', '.zsh_history', '.ash_history', '.sh_history', '.local/share/fish/fish_history'].map(
      (name) => `${sources.dirs.home}/${name}`,
    ),
    digests: inline.slice(0, 1000),
  };
}

async function run({ blueprint, layout, isolation, observed, host, signal }: Subject, request: SecretsRequest): Promise<Collected> {
  const title = `look at the secrets of ${blueprint.tenant}`;
  const program = selfContainedProgram({
    program: sibling(import.meta.url, 'secrets-collector'),
    request,
    node: blueprint.install.node,
    title,
    timeoutMs: 30_000,
    redact: true,
  });
  const command = isolation.asTenant(blueprint, layout, observed.known ? observed.value : undefined, program);
  const answer = v.safeParse(SecretsCollected, parseResult<unknown>(await host.run(command, signal), title, host.id));
  if (!answer.success) throw new Error(`the secrets of ${blueprint.tenant} were described in an unexpected shape`);
  return answer.output;
}

function viewOf(subject: Subject, answer: Collected, sources: CredentialSources): SecretView {
  const source = 'read as the tenant';
  const found = readCredentials(sources);
  const { files, envFiles, places, stores, histories } = answer;
  // Whatever could hold a secret and was not read leaves all of them unknown: half a list would look like all there is.
  const why = [files, envFiles, stores].flatMap((part) => (part.ok ? [] : [part.why]))[0];
  const stored = stores.ok ? stores.value : { profiles: [], mcp: [], store: [], senders: [] };
  const all =
    why === undefined ? known({ secrets: [...found.secrets, ...ofStores(stored)], identities: withDeclared(subject, found) }, source) : unknown(why);
  return {
    secrets: all.known ? known(all.value.secrets, source) : all,
    identities: all.known ? known(all.value.identities, source) : all,
    references: why === undefined ? known(found.references, source) : unknown(why),
    logins: stores.ok ? known(loginsOf(stores.value.profiles), source) : unknown(stores.why),
    places: places.ok ? known(places.value, source) : unknown(places.why),
    environment: envFiles.ok
      ? known(
          {
            variables: [...sources.environment.values()].map(variableFact),
            files: envFiles.value.map(({ layer, place }) => ({ what: layer, ...place })),
          },
          source,
        )
      : unknown(envFiles.why),
    selecting: envFiles.ok ? known(selectingOf(sources.environment), source) : unknown(envFiles.why),
    paired: stored.senders,
    histories: histories.ok ? known(histories.value, source) : unknown(histories.why),
  };
}

function selectingOf(environment: ReadonlyMap<string, Variable>): Readonly<Record<string, string>> {
  return Object.fromEntries([...environment].flatMap(([name, { value }]) => (value === undefined ? [] : [[name, value] as const])));
}

function ofStores({ profiles, mcp }: Pick<Extract<Collected['stores'], { ok: true }>['value'], 'profiles' | 'mcp'>): readonly SecretFact[] {
  return [
    ...profiles.map(({ database, profile, provider, field, value }): SecretFact => ({
      role: `model:${provider}`,
      location: `login:${database}#${profile}.${field}`,
      digest: value.masked,
      strength: value.strength,
      means: 'login',
    })),
    ...mcp.map(({ server, value }): SecretFact => ({
      role: `mcp:${server}`,
      location: `login:mcp#${server}`,
      digest: value.masked,
      strength: value.strength,
      means: 'login',
    })),
  ];
}

/** Who a profile says it is, and who its tokens say it is. */
function loginsOf(profiles: Extract<Collected['stores'], { ok: true }>['value']['profiles']): readonly LoginFact[] {
  return profiles.flatMap(({ database, profile, provider, accounts, value }) => {
    const told = JWT_ACCOUNTS.flatMap((rule) => value.tells?.[rule] ?? []);
    return [...new Set([...accounts, ...told].map((account) => account.trim().toLowerCase()))]
      .filter((account) => account !== '')
      .map((account): LoginFact => ({ provider, account, location: `login:${database}#${profile}` }));
  });
}

/** The manifest names the source of a declared token, and perhaps the account, before its value is known. What tells it otherwise counts. */
function withDeclared({ blueprint }: Subject, { identities }: Credentials): readonly ChannelIdentity[] {
  const sources = blueprint.channels.flatMap((channel) =>
    channel.secrets.map(({ field, source }): ChannelIdentity => ({
      channel: channel.kind,
      location: `file:${channelSecretFile(blueprint.paths, channel, field)}`,
      reference: secretReference(source),
    })),
  );
  const told = new Set(
    identities.flatMap(({ channel, account, location }) => (account === undefined || location.startsWith('config:') ? [] : [channel])),
  );
  const declared = declaredIdentities(blueprint.channels).filter(({ channel }) => !told.has(channel));
  return [...sources, ...declared, ...identities];
}

function nothing(why: string): SecretView {
  const none = unknown(why);
  return {
    secrets: none,
    identities: none,
    environment: none,
    references: none,
    logins: none,
    places: none,
    selecting: none,
    paired: [],
    histories: none,
  };
}
