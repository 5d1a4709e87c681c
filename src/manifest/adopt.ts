/** A manifest out of gateways that were found: what can be read of them, and what only a person can say left empty. Holds references, never values. */
import type { TenantFacts } from '../core/facts.ts';
import type { Trust } from '../core/words.ts';
import { DECLARED } from '../openclaw/channels/index.ts';
import { cellContainer } from '../openclaw/fleet-cells.ts';
import { quote } from './first.ts';

export interface AdoptedTenant {
  readonly facts: TenantFacts;
  /** Why it stands on the rung that it stands on. */
  readonly why: string;
}

export interface AdoptedFleet {
  readonly fleet: string;
  readonly trust: Trust;
  readonly tenants: readonly AdoptedTenant[];
  /** Gateways that are not on this machine, and where they are. */
  readonly elsewhere: readonly { readonly tenant: string; readonly where: string }[];
}

/** `plan` refuses it until every boundary has an owner and data: nobody but the operator knows them. */
export function renderAdopted({ fleet, trust, tenants, elsewhere }: AdoptedFleet): string {
  return `${[
    '# Written by: bulkhead scan --write. It names what was found; it changes nothing until bulkhead apply.',
    '# Fill in owner and data of every boundary, and provide each secret under the name that is given here.',
    '',
    `fleet: ${quote(fleet)}`,
    `trust: ${trust}`,
    '# hosts:                            # everybody who can read everything on this machine',
    '#   local: { admins: [{ name: ops, how: root }] }',
    ...(elsewhere.length === 0 ? [] : ['# Left out, because they run as pods, which Bulkhead judges and does not build:']),
    ...elsewhere.map(({ tenant, where }) => `#   ${tenant}: ${comment(where)}`),
    '',
    'tenants:',
    ...tenants.flatMap(tenantLines),
  ].join('\n')}\n`;
}

function tenantLines({ facts, why }: AdoptedTenant): readonly string[] {
  const { tenant, rung, declared, ports, container } = facts;
  const isCell = container?.known === true && container.value?.name === cellContainer(tenant);
  const port = ports.known ? ports.value.first : undefined;
  return [
    `  ${quote(tenant)}:                   # stands on ${rung} today: ${comment(why)}`,
    `    # config ${comment(declared.configPath)}, state ${comment(declared.stateDir)}`,
    '    boundary:',
    '      owner: ""                     # who answers for it?',
    '      data: ""                      # what data does it hold?',
    '      members: []',
    '    policy: operator                # or support: answers, few tools',
    ...(isCell ? cellLines(facts) : port === undefined || port < 1024 || port > 65_425 ? [] : [`    port: ${port}`]),
    ...channelLines(facts),
    ...modelLines(facts),
    '',
  ];
}

/** Every cell has one port inside, and ports of the host beside each other, where a tenant takes a block. */
function cellLines({ tenant, ports }: TenantFacts): readonly string[] {
  const published = ports.known ? ports.value.published : undefined;
  return [
    `    isolation: container            # a cell of openclaw fleet: bulkhead adopt ${tenant} copies what it remembers`,
    ...(published === undefined ? [] : [`    # port: ${published} of the host today; its tenant gets another`]),
  ];
}

/** Telegram is declared with its bot; for the others only a person knows what their accounts are called, so they are named. */
function channelLines({ tenant, identities, secrets }: TenantFacts): readonly string[] {
  const own = identities.known ? identities.value.filter(({ kind }) => kind === undefined) : [];
  const telegram = own.find(({ channel }) => channel === 'telegram');
  const others = [...new Set(own.map(({ channel }) => channel))].filter((channel) => channel !== 'telegram');
  const token = secrets.known ? secrets.value.find(({ role }) => role === 'channel:telegram') : undefined;
  const bot = telegram?.account !== undefined && /^\d{1,64}$/.test(telegram.account) ? `bot: "${telegram.account}", ` : '';
  return [
    ...(telegram === undefined
      ? []
      : [
          '    channels:',
          `      telegram: { ${bot}botToken: ${reference(tenant, 'TELEGRAM_TOKEN', token?.location)} }   # today: ${comment(token?.location ?? telegram.location)}`,
        ]),
    ...others.map(
      (channel) =>
        `    # channel ${comment(channel)}: ${DECLARED.has(channel) ? 'under channels (docs/channels.md)' : 'under config, with references in the place of its secrets'}`,
    ),
  ];
}

function modelLines({ tenant, secrets }: TenantFacts): readonly string[] {
  const found = secrets.known ? secrets.value.filter(({ role, means }) => role.startsWith('model:') && means !== 'login') : [];
  const byProvider = new Map(found.map(({ role, location }) => [providerOf(role.slice('model:'.length)), location]));
  const lines = [...byProvider].flatMap(([provider, location]) =>
    /^[a-z][a-z0-9-]{0,40}$/.test(provider)
      ? [
          `      ${provider}: { apiKey: ${reference(tenant, `${provider.toUpperCase().replaceAll('-', '_')}_KEY`, location)} }   # today: ${comment(location)}`,
        ]
      : [],
  );
  return lines.length === 0 ? [] : ['    models:', ...lines];
}

/** `ANTHROPIC_API_KEY` is a key of anthropic. */
function providerOf(name: string): string {
  return /^[A-Z0-9_]+$/.test(name)
    ? name
        .replace(/_(?:API_KEYS?|OAUTH_TOKEN|API_TOKEN)$/, '')
        .toLowerCase()
        .replaceAll('_', '-')
    : name;
}

/** A file that holds nothing but the secret is named; anything else is to be provided under a name of the tenant's own. */
function reference(tenant: string, what: string, location: string | undefined): string {
  const file = /^file:(\/[^#\r\n\t]+)$/.exec(location ?? '')?.[1];
  return file === undefined ? `{ env: ${tenant.toUpperCase().replaceAll('-', '_')}_${what} }` : `{ file: ${quote(file)} }`;
}

/** One line, whatever a tenant called its files. */
function comment(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '?').slice(0, 300);
}
