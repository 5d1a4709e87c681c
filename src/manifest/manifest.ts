/** The shape of bulkhead.yaml: what the parser accepts and what editors complete with. Words and defaults only; no cross-references. */
import * as v from 'valibot';
import { parseDuration } from '../core/duration.ts';
import { PRESET_NAMES } from '../core/fleet.ts';
import { channelsShape } from './channels.ts';
import { ENGINES, INNER_RUNGS, RUNGS, RUNTIMES, TRUSTS } from '../core/words.ts';
import { absolutePath, secret } from './secret-source.ts';

const ID = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;
const ID_RULE = 'must be 1 to 40 of a-z, 0-9 and "-", beginning and ending with a letter or digit';
const PORT_RULE = 'must be a whole number from 1024 to 65425';

const id = v.pipe(v.string(), v.regex(ID, ID_RULE));

export function isTenantId(text: string): boolean {
  return ID.test(text);
}

/** One line of text. */
const line = v.pipe(v.string(), v.regex(/^(?=[^\r\n\t]*\S)[^\r\n\t]{1,400}$/, 'must be one line of text, not empty, at most 400 characters'));
/** Prose; YAML's folded and literal blocks become one line. */
const prose = (description: string) =>
  v.pipe(
    v.string(),
    v.description(description),
    v.regex(/\S/, 'must not be empty'),
    v.maxLength(2000, 'must be at most 2000 characters'),
    v.transform((text) => text.trim().replace(/\s+/g, ' ')),
  );
const trust = v.picklist(TRUSTS);
const tenantList = (least: number, rule: string) => v.pipe(v.array(id), v.minLength(least, rule));

const address = v.pipe(
  v.string(),
  v.check(isWebAddress, 'must be an http:// or https:// address without user, password, query or fragment'),
  v.metadata({ description: 'http:// or https:// address' }),
);

function isWebAddress(text: string): boolean {
  if (!/^https?:\/\/[^\s@?#\\]+$/.test(text)) return false;
  return URL.canParse(text);
}

/** An account id, written as text or as a whole number. */
const account = v.union([
  v.pipe(v.string(), v.regex(/^\S{1,200}$/, 'must be an account id')),
  v.pipe(
    v.number(),
    v.integer('must be an account id'),
    v.transform((number) => String(number)),
  ),
]);
const admin = v.strictObject({
  name: v.pipe(line, v.description('Person or group')),
  how: v.pipe(line, v.description('root, sudo, docker, ssh, cloud console, a management agent, …')),
  accounts: v.pipe(
    v.optional(v.array(v.pipe(v.string(), v.regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/, 'must be an account name')))),
    v.description('Accounts on this machine that are theirs: others that may become root are told'),
  ),
});
const host = v.strictObject({
  ssh: v.optional(
    v.pipe(
      v.string(),
      v.regex(
        /^(?:ssh:\/\/)?(?:[A-Za-z0-9_][A-Za-z0-9_.-]*@)?[A-Za-z0-9[][A-Za-z0-9_.:[\]-]{0,252}$/,
        'must be an SSH destination such as ops@edge-1.example.net',
      ),
      v.description('SSH destination, as one would type it behind `ssh`; absent for `local`'),
    ),
  ),
  become: v.optional(
    v.pipe(
      v.picklist(['root', 'sudo']),
      v.description('How one is root there: `root` (default), one logs in as root; `sudo`, which must ask for no password'),
    ),
  ),
  admins: v.pipe(v.optional(v.array(admin), []), v.description('Everybody who can read everything on this machine')),
  snapshots: v.pipe(
    v.optional(v.array(v.strictObject({ name: line, readers: v.array(line) }))),
    v.description('Copies of the whole machine or its disks, and who can read them'),
  ),
  proxies: v.pipe(
    v.optional(v.pipe(v.array(absolutePath), v.maxLength(50, 'must name at most 50 files')), []),
    v.description('Config files of reverse proxies that lead to gateways here: nginx, Caddyfile, Traefik’s file provider'),
  ),
});

const boundary = v.strictObject({
  owner: v.pipe(line, v.description('Who answers for this tenant')),
  data: prose('What data lives inside the boundary'),
  members: v.pipe(v.array(line), v.description('Who is inside: people, groups or roles')),
});

const toolNames = v.optional(
  v.array(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_*][A-Za-z0-9_.:*/-]{0,99}$/, 'must be a tool name or group such as read or group:fs'))),
  [],
);
const preset = v.picklist(PRESET_NAMES);
const policy = v.pipe(
  v.union([
    preset,
    v.strictObject({
      preset,
      allow: v.pipe(toolNames, v.description('Only these tools, of those that the preset does not deny; not beside `alsoAllow`')),
      alsoAllow: v.pipe(toolNames, v.description('Tools in addition to those that the preset gives')),
      deny: v.pipe(toolNames, v.description('Tools taken away, whatever else is said')),
    }),
  ]),
  v.description('Tool policy: a preset, or a preset with tools added and taken away'),
);

const model = v.strictObject({
  apiKey: v.pipe(secret, v.description('Where the API key comes from')),
  baseUrl: v.optional(address),
  model: v.optional(line),
});
const provider = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'must be a provider id such as anthropic'));

const amount = v.pipe(
  v.string(),
  v.regex(/^[1-9][0-9]{0,5}(?:\.[0-9]{1,3})?(?:MiB|GiB|TiB)$/, 'must be an amount with its unit, such as 512MiB or 2GiB'),
);
const limits = v.strictObject({
  memory: v.optional(
    amount,
    // Measured on OpenClaw 2026.9.6: 0.8 GB at rest; with 1.5 GiB the kernel killed it in its agent's second turn.
    '2GiB',
  ),
  cpu: v.optional(
    v.pipe(v.number(), v.minValue(0.01, 'must be from 0.01 to 1024 processors'), v.maxValue(1024, 'must be from 0.01 to 1024 processors')),
    2,
  ),
  pids: v.optional(
    v.pipe(
      v.number(),
      v.integer('must be a whole number'),
      v.minValue(16, 'must be from 16 to 4194304'),
      v.maxValue(4_194_304, 'must be from 16 to 4194304'),
    ),
    512,
  ),
  disk: v.pipe(
    v.optional(
      v.pipe(
        v.string(),
        v.regex(
          /^(?:(?:12[89]|1[3-9][0-9]|[2-9][0-9]{2}|[1-9][0-9]{3,5})MiB|[1-9][0-9]{0,5}(?:\.[0-9]{1,3})?(?:GiB|TiB))$/,
          'must be an amount of 128MiB or more with its unit, such as 10GiB',
        ),
      ),
    ),
    v.description('Disk space for all that the tenant keeps; it can be raised later, not lowered or taken away. Not on the rung profile'),
  ),
});

const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const PORT = '(?:6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})';
const allowed = v.pipe(
  v.string(),
  v.regex(
    new RegExp(`^(?:tcp|udp):(?:host|${OCTET}(?:\\.${OCTET}){3}):${PORT}$`),
    'must be like tcp:10.0.0.1:8080, or tcp:host:29001 for a service of this machine',
  ),
);

const recipient = v.pipe(
  v.string(),
  v.regex(
    /^(?:age1[0-9a-z]{10,200}|ssh-(?:ed25519|rsa) [A-Za-z0-9+/=]{20,2000}(?: [^\r\n\t]{1,100})?)$/,
    'must be a public key: age1…, ssh-ed25519 … or ssh-rsa …',
  ),
);

const apiClient = v.strictObject({
  name: id,
  kind: v.pipe(id, v.description('open-webui, or a word of your own')),
  key: v.pipe(v.optional(secret), v.description('Where the key that it presents is kept')),
  baseUrl: v.pipe(v.optional(address), v.description('Address at which it calls the gateway')),
  envFiles: v.pipe(
    v.optional(v.pipe(v.array(absolutePath), v.maxLength(20, 'must name at most 20 files')), []),
    v.description('Its own environment files on the tenant’s host: what they say of keys and addresses is compared'),
  ),
  keyWithUsers: v.pipe(v.optional(v.boolean(), false), v.description('Whether end users are given the key: it makes each of them an operator')),
});

const tenant = v.strictObject({
  boundary: v.pipe(boundary, v.description('The trust boundary: asked for before anything else')),
  isolation: v.pipe(v.optional(v.picklist(RUNGS)), v.description('Rung; without it the least one that its trust allows')),
  inside: v.pipe(v.optional(v.picklist(INNER_RUNGS)), v.description('With the rung host: what is built on the machine; os-user unless told')),
  engine: v.pipe(v.optional(v.picklist(ENGINES)), v.description('For `isolation: container`: without it the engine that the host has, Docker first')),
  rootless: v.pipe(
    v.optional(v.boolean(), false),
    v.description(
      'With `engine`: it is this tenant’s alone and runs without being root, so that what gets out of the container is not root’s either',
    ),
  ),
  runtime: v.pipe(
    v.optional(v.picklist(RUNTIMES)),
    v.description('For `isolation: container` with Docker: `runsc`, so that gVisor answers the container’s system calls, not the host’s kernel'),
  ),
  host: v.pipe(v.optional(id, 'local'), v.description('Name under `hosts`')),
  policy,
  channels: v.pipe(v.optional(channelsShape({ secret, address, account }), {}), v.description('Channel identities: every tenant has its own')),
  models: v.pipe(v.optional(v.record(provider, model), {}), v.description('Model providers, each with this tenant’s own key')),
  apiClients: v.pipe(v.optional(v.array(apiClient), []), v.description('Programs that call this gateway’s API: one key, one customer')),
  browser: v.pipe(v.optional(v.picklist(['on', 'off']), 'off'), v.description('Whether the agent may drive a browser of its own')),
  sandbox: v.pipe(
    v.optional(v.picklist(['all', 'off']), 'off'),
    v.description('`all`: OpenClaw runs the tools of every session in containers of an engine that is this tenant’s alone; for `isolation: os-user`'),
  ),
  limits: v.pipe(v.optional(limits, {}), v.description('Memory, processors, processes and disk space the tenant may use')),
  port: v.pipe(
    v.optional(v.pipe(v.number(), v.integer(PORT_RULE), v.minValue(1024, PORT_RULE), v.maxValue(65_425, PORT_RULE))),
    v.description('Pinned base port; leave it to the allocator unless something outside depends on it'),
  ),
  egress: v.pipe(v.optional(v.picklist(['open', 'none']), 'open'), v.description('`open`: public addresses; `none`: only `allow` and name service')),
  allow: v.pipe(v.optional(v.array(allowed), []), v.description('Private addresses this tenant may reach all the same')),
  backup: v.pipe(
    v.optional(v.strictObject({ to: absolutePath, recipient: v.optional(recipient) })),
    v.description('Folder for this tenant’s archives, and the public key they are encrypted to'),
  ),
  config: v.pipe(v.optional(v.record(v.string(), v.unknown()), {}), v.description('Further OpenClaw config, merged under the boundary’s own keys')),
});

const span = v.pipe(
  v.string(),
  v.check((text) => (parseDuration(text) ?? 0) >= 5000, 'must be a time of at least 5s, such as 30s, 15m or 6h'),
);
const verify = v.strictObject({
  every: v.pipe(v.optional(span, '30s'), v.description('Time between two looks at facts and checks')),
  attackEvery: v.pipe(v.optional(span, '6h'), v.description('Attack at least this often; always when something attacks depend on has changed')),
  webhook: v.pipe(
    v.optional(v.strictObject({ file: v.pipe(absolutePath, v.description('Absolute path of a file that holds nothing but the address')) })),
    v.description('Address that changes are posted to'),
  ),
  metrics: v.pipe(v.optional(absolutePath), v.description('File for Prometheus metrics, for node_exporter’s textfile collector')),
});

export const manifest = v.strictObject({
  fleet: v.pipe(id, v.description('Name of everything in this manifest')),
  trust: v.pipe(trust, v.description('How any two tenants stand to each other, unless `relations` says otherwise')),
  relations: v.pipe(
    v.optional(v.array(v.strictObject({ between: tenantList(2, 'must name at least two tenants'), trust })), []),
    v.description('Exceptions for pairs or groups of tenants'),
  ),
  hosts: v.pipe(v.optional(v.record(id, host), {}), v.description('Machines: `local`, and others reached over SSH')),
  tenants: v.pipe(
    v.record(id, tenant),
    v.minEntries(1, 'must have at least one tenant'),
    v.description('One entry per client, customer or business unit'),
  ),
  namedRisks: v.pipe(
    v.optional(
      v.array(
        v.strictObject({
          item: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9.-]{0,79}$/, 'must be a checklist row or a check id such as host-admins')),
          tenants: tenantList(1, 'must name at least one tenant'),
          risk: prose('What can go wrong, in one sentence'),
          owner: line,
          until: v.pipe(v.string(), v.check(isDate, 'must be a real date such as 2027-03-01'), v.metadata({ description: 'ISO date, inclusive' })),
        }),
      ),
      [],
    ),
    v.description('Shared items that somebody accepted, until a date'),
  ),
  secrets: v.pipe(
    v.optional(
      v.strictObject({
        recipients: v.pipe(
          v.array(v.pipe(v.string(), v.regex(/^age1[0-9a-z]{10,3000}$/, 'must be a public key of age: age1…'))),
          v.minLength(1, 'must name at least one public key'),
          v.maxLength(50, 'must name at most 50 public keys'),
        ),
      }),
    ),
    v.description('Whom `bulkhead secrets edit` encrypts to: the public keys of all operators'),
  ),
  verify: v.pipe(v.optional(verify), v.description('`bulkhead verify --watch` as a unit of systemd; `{}` takes the defaults')),
  documents: v.pipe(
    v.optional(v.pipe(v.string(), v.regex(/^(?!\/)[^\r\n\t\\]{1,400}$/, 'must be a folder, relative to the manifest'))),
    v.description('Folder with a page TENANT.md for each tenant, as `bulkhead checklist TENANT --markdown` prints it'),
  ),
});

export type Manifest = v.InferOutput<typeof manifest>;
export type ManifestTenant = Manifest['tenants'][string];
export type ManifestSecret = v.InferOutput<typeof secret>;

function isDate(text: string): boolean {
  if (!/^2[0-9]{3}-[0-9]{2}-[0-9]{2}$/.test(text)) return false;
  const parsed = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
}
