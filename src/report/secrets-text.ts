/** What `bulkhead secrets check` prints: where each secret comes from, whether it is there, and who would share one. Never a value. */
import type { Finding } from '../core/check.ts';
import type { Strength } from '../core/secret-facts.ts';
import type { TenantId } from '../core/words.ts';
import { clip, escapeForTerminal } from './escape.ts';
import { count, palette, table, wrap, type PrintOptions } from './layout.ts';

export interface SecretRow {
  readonly tenant: TenantId;
  /** As in facts: `gateway-token`, `model:anthropic`, …; `api-client:NAME` for the key of a program that calls the gateway. */
  readonly role: string;
  readonly reference: string;
  /** `made`: by apply, on the host, where it stays. */
  readonly state: 'there' | 'missing' | 'made';
  readonly why?: string;
  readonly strength?: Strength;
  /** Public parts that the provider put into it, by name, e.g. `telegram.bot`. */
  readonly shows?: Readonly<Record<string, string>>;
}

export function secretsText(rows: readonly SecretRow[], shared: readonly Finding[], { color, width }: PrintOptions): string {
  const paint = palette(color);
  const cells = rows.map(({ tenant, role, reference, state, strength = '', shows = {} }) => [
    escapeForTerminal(tenant),
    escapeForTerminal(role),
    state === 'there' ? paint.good('there') : state === 'made' ? paint.faint('made by apply') : paint.bad('missing'),
    strength === 'strong' || strength === '' ? strength : paint.doubt(strength),
    escapeForTerminal(
      Object.entries(shows)
        .map(([name, value]) => `${name} ${value}`)
        .join(', '),
    ),
    escapeForTerminal(clip(reference, 100)),
  ]);
  const lines = [...table([['tenant', 'secret', 'state', 'strength', 'shows', 'from'], ...cells], '')];
  const missing = rows.filter(({ state }) => state === 'missing');
  for (const { tenant, role, why = '' } of missing)
    lines.push(...wrap(`${tenant}: ${role}: ${escapeForTerminal(why)}`, width, `${paint.bad('✗')} `, '  '));
  for (const { id, severity, message, evidence, accepted } of shared) {
    const risk = accepted === undefined ? '' : `, accepted by ${accepted.owner} until ${accepted.until}`;
    const sign = accepted === undefined ? paint.bad('✗') : paint.doubt('!');
    lines.push(...wrap(escapeForTerminal(`${message} [${severity}, ${id}${risk}]`), width, `${sign} `, '  '));
    for (const line of evidence) lines.push(...wrap(escapeForTerminal(line), width, '    ', '      '));
  }
  const open = shared.filter(({ accepted }) => accepted === undefined).length;
  lines.push(`${count(rows.length, 'secret')}, ${missing.length} missing, ${open} shared`);
  return `${lines.join('\n')}\n`;
}
