/** Gateways that a compose file describes. It is read, not resolved: variables without a default stay as they are written. Source: docs.docker.com/reference/compose-file. */
import { parse } from 'yaml';
import * as v from 'valibot';
import type { ContainerFact, ContainerMount } from '../core/container-facts.ts';
import { resolvedFrom } from '../core/path-text.ts';
import { splitEnviron, tellVariables } from '../observe/variables.ts';
import { MASKING } from '../openclaw/credentials/masking-rules.ts';
import { VISIBLE } from '../openclaw/credentials/variables.ts';
import { isGatewayCommand, isOpenclawImage } from '../openclaw/discovery.ts';
import { makeMasker } from '../openclaw/masking.ts';
import { describedContainer } from './containers.ts';
import { unitWords } from './unit-file.ts';
import type { Sighting } from './sighting.ts';

export interface ComposeFile {
  readonly path: string;
  readonly text: string;
}

const scalar = v.union([v.string(), v.number(), v.boolean(), v.null()]);
const words = v.nullish(v.union([v.string(), v.array(v.string())]));
const mount = v.union([
  v.string(),
  v.object({ source: v.nullish(v.string(), ''), target: v.nullish(v.string(), ''), read_only: v.nullish(v.boolean(), false) }),
]);
const port = v.union([v.string(), v.number(), v.object({ published: v.nullish(v.union([v.string(), v.number()])), target: v.nullish(v.number()) })]);
const Service = v.object({
  image: v.nullish(v.string(), ''),
  container_name: v.nullish(v.string()),
  command: words,
  entrypoint: words,
  privileged: v.nullish(v.boolean(), false),
  cap_add: v.nullish(v.array(v.string()), []),
  security_opt: v.nullish(v.array(v.string()), []),
  network_mode: v.nullish(v.string(), ''),
  pid: v.nullish(v.string(), ''),
  ipc: v.nullish(v.string(), ''),
  userns_mode: v.nullish(v.string(), ''),
  networks: v.nullish(v.union([v.array(v.string()), v.record(v.string(), v.unknown())]), []),
  volumes: v.nullish(v.array(mount), []),
  ports: v.nullish(v.array(port), []),
  working_dir: v.nullish(v.string(), '/'),
  environment: v.nullish(v.union([v.array(v.string()), v.record(v.string(), scalar)]), []),
});
const Compose = v.object({ services: v.nullish(v.record(v.string(), v.unknown()), {}) });

/** Throws when it is no compose file. */
export function composeSightings({ path, text }: ComposeFile, key: string): readonly Sighting[] {
  const { services } = v.parse(Compose, parse(text, { merge: true }));
  return Object.entries(services ?? {}).flatMap(([name, service]) => serviceSighting(path, name, v.parse(Service, service), key));
}

function serviceSighting(path: string, name: string, service: v.InferOutput<typeof Service>, key: string): readonly Sighting[] {
  const argv = [...wordsOf(service.entrypoint), ...wordsOf(service.command)];
  const image = plain(service.image ?? '');
  if (!isOpenclawImage(image) && !isGatewayCommand(argv)) return [];
  const directory = path.slice(0, path.lastIndexOf('/')) || '/';
  const options = service.security_opt ?? [];
  const modes = { pid: service.pid, ipc: service.ipc, net: service.network_mode, userns: service.userns_mode };
  const fact: ContainerFact = {
    engine: 'docker',
    name: service.container_name ?? name,
    image,
    privileged: service.privileged === true,
    capAdd: service.cap_add ?? [],
    mayGainPrivileges: !options.some((option) => /^no-new-privileges(?:[:=]true)?$/.test(option)),
    hostNamespaces: Object.entries(modes).flatMap(([kind, mode]) => (mode === 'host' ? [kind] : [])),
    unconfined: ['seccomp', 'apparmor'].filter((filter) => options.some((option) => option.replace(':', '=') === `${filter}=unconfined`)),
    mounts: (service.volumes ?? []).map((one) => mountOf(one, directory)),
    networks: Array.isArray(service.networks) ? service.networks : Object.keys(service.networks ?? {}),
  };
  const environment = Array.isArray(service.environment)
    ? service.environment
    : Object.entries(service.environment ?? {}).map(([variable, value]) => `${variable}=${String(value ?? '')}`);
  const variables = tellVariables(splitEnviron(environment.map(plain).join('\0')), VISIBLE, makeMasker(key, MASKING));
  const inside = { name: fact.name, argv, variables, directory: service.working_dir ?? '/' };
  const { sighting, insidePort, stateSource } = describedContainer({
    kind: 'compose',
    where: `${path}: service ${name}`,
    tenant: name,
    fact,
    inside,
  });
  const publishedPort = (service.ports ?? []).map((one) => publishedOf(one, insidePort)).find((one) => one !== undefined);
  const container = {
    id: '',
    fact,
    running: false,
    ...(publishedPort === undefined ? {} : { publishedPort }),
    ...(stateSource === undefined ? {} : { stateSource }),
  };
  return [{ ...sighting, container }];
}

function wordsOf(said: string | readonly string[] | null | undefined): readonly string[] {
  return said === null || said === undefined ? [] : typeof said === 'string' ? unitWords(plain(said)) : said.map(plain);
}

/** The default of a variable where it has one. */
function plain(text: string): string {
  return text.replace(/\$\{[A-Za-z_][A-Za-z0-9_]*:?-([^}]*)\}/g, '$1');
}

function mountOf(one: v.InferOutput<typeof mount>, directory: string): ContainerMount {
  const [from = '', target = '', mode = ''] =
    typeof one === 'string' ? plain(one).split(':') : [plain(one.source ?? ''), one.target ?? '', one.read_only === true ? 'ro' : ''];
  const source = /^[./~]/.test(from) ? resolvedFrom(directory, from) : from;
  return { source, target, writable: !mode.split(',').includes('ro') };
}

function publishedOf(one: v.InferOutput<typeof port>, inside: number): number | undefined {
  if (typeof one === 'object')
    return one.target === inside && one.published !== null && one.published !== undefined ? Number(one.published) : undefined;
  const parts = plain(String(one))
    .replace(/\/tcp$/, '')
    .split(':');
  return Number(parts.at(-1)) === inside && parts.length > 1 ? Number(parts.at(-2)) : undefined;
}
