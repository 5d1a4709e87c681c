/** Channel accounts of every tenant, for people and for programs. Never a secret: where it lies, not what it is. */
import type { Finding } from '../core/check.ts';
import type { TenantId } from '../core/words.ts';
import { escapeForTerminal } from './escape.ts';
import { palette, table, type PrintOptions } from './layout.ts';

export interface ChannelsReport {
  readonly rows: readonly {
    readonly tenant: TenantId;
    readonly channel: string;
    readonly kind?: 'place' | 'store';
    readonly account?: string;
    readonly knownBy: readonly string[];
    readonly locations: readonly string[];
  }[];
  readonly shared: readonly Finding[];
  /** What was not or could not be asked or looked at. `attention`: it should have been. */
  readonly unsaid: readonly { readonly tenant: TenantId; readonly what: string; readonly why: string; readonly attention: boolean }[];
}

export function channelsText({ rows, shared, unsaid }: ChannelsReport, { color }: PrintOptions): string {
  const paint = palette(color);
  const lines = rows.map(({ tenant, channel, kind, account, knownBy, locations }) => {
    const what = account ?? 'not told without asking the provider';
    return [tenant, channel, kind === undefined ? what : `${what} (${kind})`, knownBy.join(', '), locations.join(', ')].map(escapeForTerminal);
  });
  const found = shared.map(({ id, message, evidence, fix }) =>
    [`${paint.bad('✗')} ${id}: ${escapeForTerminal(message)}`, ...evidence.map((one) => `    ${escapeForTerminal(one)}`), `    fix: ${fix}`].join(
      '\n',
    ),
  );
  const rest = unsaid.map(
    ({ tenant, what, why, attention }) => `${attention ? paint.doubt('?') : paint.faint('·')} ${escapeForTerminal(`${tenant} ${what}: ${why}`)}`,
  );
  const listed = lines.length === 0 ? ['No tenant has a channel.'] : table([['tenant', 'channel', 'account', 'known by', 'where'], ...lines]);
  const isSure = shared.length === 0 && !unsaid.some(({ attention }) => attention);
  const verdict = isSure && lines.length > 0 ? `${paint.good('✓')} no account is known at two tenants` : '';
  return `${[...listed, '', ...rest, ...found, verdict].filter((line, at) => line !== '' || at === listed.length).join('\n')}\n`;
}

export function channelsJson({ rows, shared, unsaid }: ChannelsReport): object {
  return {
    channels: rows,
    shared: shared.map(({ id, tenants, message, evidence, fix, severity }) => ({ check: id, tenants, message, evidence, fix, severity })),
    unsaid,
  };
}
