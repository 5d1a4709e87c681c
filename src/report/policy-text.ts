/** Tool policies for a terminal: which there are, what one gives, and where a live config differs from it. */
import type { PolicyChoice } from '../core/fleet.ts';
import { isMasked } from '../openclaw/credentials/walk.ts';
import { isObject } from '../openclaw/merge.ts';
import type { PolicyDifference } from '../openclaw/policy-diff.ts';
import { presetTitle, type Preset } from '../openclaw/presets/index.ts';
import type { ToolRow } from '../openclaw/tool-table.ts';
import { clip, escapeForTerminal, printJson } from './escape.ts';
import { count, palette, table, wrap, type PrintOptions } from './layout.ts';

/** `support only read +web_fetch -exec`: the preset, and what a tenant changes of it. */
export function policyWords({ preset, allow, alsoAllow, deny }: PolicyChoice): string {
  const only = allow.length === 0 ? [] : ['only', ...allow];
  return [presetTitle(preset), ...only, ...alsoAllow.map((tool) => `+${tool}`), ...deny.map((tool) => `-${tool}`)].join(' ');
}

export interface ListedPreset {
  readonly preset: Pick<Preset, 'name' | 'label' | 'purpose' | 'browser' | 'channels'>;
  readonly tools: readonly ToolRow[];
}

export function policyListText(listed: readonly ListedPreset[], { color, width }: PrintOptions): string {
  const paint = palette(color);
  const blocks = listed.map(({ preset, tools }) => {
    const may = tools.filter((row) => row.may).map(({ tool }) => tool);
    return [
      paint.strong(presetTitle(preset.name)),
      ...wrap(preset.purpose, width, '  '),
      ...wrap(may.length === 0 ? 'no tools' : may.join(', '), width, `  ${count(may.length, 'tool')}: `, '    '),
      `  browser ${preset.browser}, channels ${preset.channels ? 'on' : 'off'}`,
    ].join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}

export interface ShownPolicy {
  readonly tenant: string;
  readonly policy: PolicyChoice;
  readonly purpose: string;
  /** What is rendered of it into OpenClaw's config. */
  readonly rendered: Readonly<Record<string, unknown>>;
  readonly tools: readonly ToolRow[];
  readonly leaves: readonly string[];
}

export function policyShowText({ tenant, policy, purpose, rendered, tools, leaves }: ShownPolicy, { color, width }: PrintOptions): string {
  const paint = palette(color);
  const rows = (may: boolean): readonly string[] => {
    const groups = Map.groupBy(
      tools.filter((row) => row.may === may),
      ({ group }) => group,
    );
    const lines = [...groups].flatMap(([group, of]) => wrap(of.map(({ tool }) => tool).join(', '), width, `  ${group.padEnd(11)} `, ' '.repeat(14)));
    return lines.length === 0 ? ['  nothing'] : lines;
  };
  const lines = [
    `${paint.strong(escapeForTerminal(tenant))}  ${escapeForTerminal(policyWords(policy))}`,
    ...wrap(purpose, width, '  '),
    '',
    paint.strong('Rendered into its OpenClaw config'),
    ...printJson(rendered)
      .split('\n')
      .map((line) => `  ${line}`),
    '',
    paint.strong('Its agent may use'),
    ...rows(true),
    '',
    paint.strong('It may not use'),
    ...rows(false),
    '',
    paint.strong('What this does not stop'),
    ...leaves.flatMap((sentence) => wrap(sentence, width, '  - ', '    ')),
  ];
  return `${lines.join('\n')}\n`;
}

/** What is known of a tenant's live config: the differences, or why it could not be read. */
export type ComparedPolicy =
  | { readonly tenant: string; readonly policy: PolicyChoice; readonly read: true; readonly differences: readonly PolicyDifference[] }
  | { readonly tenant: string; readonly policy: PolicyChoice; readonly read: false; readonly why: string };

export function policyDiffText(compared: readonly ComparedPolicy[], options: PrintOptions): string {
  return `${compared.flatMap((one) => diffLines(one, options)).join('\n')}\n`;
}

/** Keys that are no part of the boundary and go all the same: a config is rendered whole. */
export function ownKeysText(keys: readonly string[], { color, width }: PrintOptions): string {
  const paint = palette(color);
  const shown = keys.slice(0, 50).map((key) => clip(escapeForTerminal(key), 120));
  const more = keys.length > shown.length ? [`and ${keys.length - shown.length} more`] : [];
  const lines = [
    ...wrap('Also lost, for a config is rendered whole; the manifest’s config: is where they last:', width, `  ${paint.doubt('!')} `, '    '),
    ...wrap([...shown, ...more].join(', '), width, '    '),
  ];
  return `${lines.join('\n')}\n`;
}

function diffLines(one: ComparedPolicy, { color, width }: PrintOptions): readonly string[] {
  const paint = palette(color);
  const title = `${paint.strong(escapeForTerminal(one.tenant))}  ${escapeForTerminal(policyWords(one.policy))}`;
  if (!one.read) return [title, ...wrap(escapeForTerminal(one.why), width, `  ${paint.doubt('?')} could not be read: `, '    ')];
  if (one.differences.length === 0) return [title, `  ${paint.good('✓')} the live config is what was declared and rendered`];
  return [
    title,
    ...one.differences.flatMap((difference) => [
      `  ${escapeForTerminal(difference.key)}`,
      ...table(
        (['declared', 'live'] as const).map((side) => {
          const sign = side === 'declared' ? paint.bad('-') : paint.good('+');
          return [sign, side, side in difference ? clip(escapeForTerminal(printJson(withoutSecrets(difference[side]), 0)), 400) : '(not set)'];
        }),
        '    ',
      ),
    ]),
  ];
}

/** Masked secrets as `(secret)`: their digests mean nothing to a reader. */
export function withoutSecrets(value: unknown): unknown {
  if (isMasked(value)) return '(secret)';
  if (Array.isArray(value)) return value.map(withoutSecrets);
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecrets(item)])) : value;
}
