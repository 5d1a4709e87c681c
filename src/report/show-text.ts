/** A blueprint in full: every path, port, user, variable and config key of one tenant. */
import type { Blueprint } from '../core/blueprint.ts';
import { escapeForTerminal, printJson } from './escape.ts';
import { palette, table, type PrintOptions } from './layout.ts';
import { policyWords } from './policy-text.ts';

type Entry = readonly [string, string];

/** Ports that OpenClaw derives from a base port; listed by the code that knows OpenClaw. */
export interface DerivedPort {
  readonly name: string;
  readonly first: number;
  readonly last: number;
}

export function showText(blueprint: Blueprint, derived: readonly DerivedPort[], { color }: PrintOptions): string {
  const paint = palette(color);
  const section = (title: string, entries: readonly Entry[]): readonly string[] => [
    '',
    paint.strong(title),
    ...(entries.length === 0 ? ['  none'] : table(entries.map(([name, value]) => [escapeForTerminal(name), escapeForTerminal(value)]))),
  ];
  const { tenant, rung, inside, rungDeclared, host, trust, boundary, paths, environment, config } = blueprint;
  const lines = [
    `${paint.strong(escapeForTerminal(tenant))}  rung ${rung}${inside === undefined ? '' : ` with ${inside} inside`}${rungDeclared ? '' : ' (the least its trust allows)'}  host ${escapeForTerminal(host)}  trust ${trust}`,
    ...section('Boundary', [
      ['owner', boundary.owner],
      ['data', boundary.data],
      ['members', boundary.members.join(', ') || 'nobody named'],
    ]),
    ...section('User and host objects', userEntries(blueprint)),
    ...section('Paths', Object.entries(paths)),
    ...section('Ports', portEntries(blueprint, derived)),
    ...section('Limits and egress', limitEntries(blueprint)),
    ...section('Channels, models, clients', identityEntries(blueprint)),
    ...section('Environment (the whole of it)', Object.entries(environment)),
    ...section('OpenClaw install', Object.entries(blueprint.install)),
    '',
    paint.strong('OpenClaw config (secrets are references to files)'),
    ...printJson(config)
      .split('\n')
      .map((line) => `  ${line}`),
  ];
  return `${lines.join('\n')}\n`;
}

function userEntries({ user, hostAdmins, serviceName }: Blueprint): readonly Entry[] {
  const admins: Entry = ['host admins', hostAdmins.map(({ name, how }) => `${name} (${how})`).join(', ') || 'nobody named'];
  const service: Entry = ['service', serviceName];
  if (user === undefined) return [['OS user', 'the user who runs bulkhead'], service, admins];
  return [
    ['OS user', user.name],
    ['uid', user.uid === undefined ? 'given when it is created' : String(user.uid)],
    ['network namespace', user.namespace],
    ['link', user.link],
    service,
    admins,
  ];
}

function portEntries({ publishedPort, gatewayPort, ports, user }: Blueprint, derived: readonly DerivedPort[]): readonly Entry[] {
  const where = user === undefined ? 'on the host’s loopback' : 'on the tenant’s own loopback';
  return [
    ['published', `127.0.0.1:${publishedPort} on the host`],
    ['leased block', `${ports.first}-${ports.last} on the host`],
    ['gateway', `${gatewayPort} ${where}`],
    ...derived.map(({ name, first, last }): Entry => [name, `${first === last ? first : `${first}-${last}`} ${where}`]),
  ];
}

function limitEntries({ limits, egress, allow }: Blueprint): readonly Entry[] {
  return [
    ['memory', `${Math.round(limits.memoryBytes / 1_048_576)} MiB`],
    ['processors', String(limits.cpus)],
    ['processes', String(limits.pids)],
    ['disk', limits.diskBytes === undefined ? 'not limited' : `${Math.round(limits.diskBytes / 1_048_576)} MiB`],
    ['egress', egress],
    ...allow.map(({ protocol, address, port }): Entry => ['also allowed', `${protocol} ${address}:${port}`]),
  ];
}

function identityEntries({ channels, models, apiClients, policy, browser }: Blueprint): readonly Entry[] {
  return [
    ['tool policy', policyWords(policy)],
    ['browser', browser ? 'on' : 'off'],
    ...channels.map(({ kind, settings, rooms }): Entry => {
      const said = [...Object.entries(settings).map(([name, value]) => `${name} ${String(value)}`), ...rooms];
      return [kind, said.join(', ') || 'account known once its token is read'];
    }),
    ...models.map(({ provider, model, baseUrl }): Entry => ['model', [provider, model, baseUrl].filter((text) => text !== undefined).join(' ')]),
    ...apiClients.map(({ name, kind }): Entry => ['API client', `${name} (${kind})`]),
  ];
}
