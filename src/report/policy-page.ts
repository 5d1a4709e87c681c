/** Tool policies as pages below docs/policy/: what each is for, what it may do, what it becomes, what OpenClaw's audit says of it. Pure. */
import { PRESET_NAMES, type PresetName } from '../core/fleet.ts';
import { policyConfig } from '../openclaw/config.ts';
import { AUDITED, WITHOUT_POLICY, type AuditLines } from '../openclaw/presets/audited.ts';
import { PRESETS, presetTitle } from '../openclaw/presets/index.ts';
import { toolTable, type ToolRow } from '../openclaw/tool-table.ts';
import { OPENCLAW_VERSION } from '../openclaw/version.ts';

const BROWSER = {
  needed: '`browser: on` is needed',
  possible: 'with `browser: on`',
  refused: 'none; `browser: on` is refused',
  off: 'off, whatever the manifest says',
} as const;

export function policyPage(name: PresetName): string {
  const { purpose, browser, channels, senders, leaves } = PRESETS[name];
  const rows = rowsOf(name);
  const { rendered, opened } = AUDITED[name];
  return `# ${presetTitle(name)}

${purpose}

| | |
|---|---|
| in the manifest | \`policy: ${name}\`, or \`policy: { preset: ${name}, alsoAllow: [], deny: [] }\` |
| browser | ${BROWSER[browser]} |
| channels | ${channels ? `connected; direct messages: ${senders.dmPolicy}, groups: ${senders.groupPolicy}` : 'not connected'} |
| why so | the comment of [\`${name}.ts\`](../../src/openclaw/presets/${name}.ts) |

## What its agent may use

| tools | may | may not |
|---|---|---|
${groupLines(rows)}
Computed from the config below as OpenClaw ${OPENCLAW_VERSION} decides: deny wins, then what is allowed. Whether a plugin or provider behind a tool is there
is another matter.${browser === 'possible' ? ' With `browser: on` the tool `browser` is added.' : ''}

## What is rendered

\`\`\`json
${JSON.stringify(policyConfig(plain(name), browser === 'needed'), null, 2)}
\`\`\`

## What OpenClaw’s audit says

Measured with \`openclaw security audit --json\` on ${OPENCLAW_VERSION} by [\`audited-presets.test.ts\`](../../test/release/audited-presets.test.ts).

| finding | no policy, bot open to all | ${name}, bot open to all | ${name}, as rendered |
|---|---|---|---|
${auditLines({ opened, rendered })}
${clearedSentence(name)}

## What it does not stop

${leaves.map((sentence) => `* ${sentence}`).join('\n')}
`;
}

export function policyIndexPage(): string {
  const tables = new Map(PRESET_NAMES.map((name) => [name, new Map(rowsOf(name).map((row) => [row.tool, row.may]))] as const));
  const lines = rowsOf('support').map(
    ({ tool, group }) => `| ${group} | ${toolWord(tool)} | ${PRESET_NAMES.map((name) => mark(name, tool, tables)).join(' | ')} |`,
  );
  return `# Tool policies

A tool policy says what a tenant’s agent may do inside its boundary. It does not make the boundary: a model that is misled uses whatever it was given.
Generated from [\`src/openclaw/presets/\`](../../src/openclaw/presets/) by \`npm run generate\`; \`./bulkhead policy list\` says the same, \`./bulkhead policy show acme\` what a
tenant’s comes to, \`./bulkhead policy diff acme\` whether its live config still says so. Why they are as they are: [decision 22](../decisions/0022-tool-policy-presets.md).

| preset | for |
|---|---|
${PRESET_NAMES.map((name) => `| [${presetTitle(name)}](${name}.md) | ${PRESETS[name].purpose} |`).join('\n')}

## On top of a preset

\`\`\`yaml
policy: { preset: support, alsoAllow: [web_fetch], deny: [ask_user] }
\`\`\`

| key | means |
|---|---|
| \`alsoAllow\` | these tools in addition to those of the preset |
| \`allow\` | only these, of those that the preset does not deny; not beside \`alsoAllow\` |
| \`deny\` | these are taken away; deny wins over everything |

Names are OpenClaw’s: tools, groups such as \`group:web\`, patterns such as \`outlook__*\`. A name that OpenClaw does not know is refused, as it would be
ignored: a mistyped \`deny\` denies nothing. What a preset denies cannot be allowed back; another preset can be chosen.

Always, whatever the preset: elevated mode off, file tools held to the workspace, no calls between agents, no changes of the config by chat.

## Tool by preset

✓ may, – may not, ○ with \`browser: on\`. Computed from the config; [what a real agent could do](matrix.md) was tried.

| group | tool | ${PRESET_NAMES.join(' | ')} |
|---|---|${PRESET_NAMES.map(() => ':-:').join('|')}|
${lines.join('\n')}
`;
}

function mark(name: PresetName, tool: string, tables: ReadonlyMap<PresetName, ReadonlyMap<string, boolean>>): string {
  if (tool === 'browser' && PRESETS[name].browser === 'possible') return '○';
  return tables.get(name)?.get(tool) === true ? '✓' : '–';
}

function plain(preset: PresetName): Parameters<typeof policyConfig>[0] {
  return { preset, allow: [], alsoAllow: [], deny: [] };
}

function rowsOf(name: PresetName): readonly ToolRow[] {
  return toolTable(policyConfig(plain(name), PRESETS[name].browser === 'needed'));
}

function groupLines(rows: readonly ToolRow[]): string {
  const names = (of: readonly ToolRow[], may: boolean): string =>
    of
      .filter((row) => row.may === may)
      .map(({ tool }) => toolWord(tool))
      .join(', ');
  return [...Map.groupBy(rows, ({ group }) => group)].map(([group, of]) => `| ${group} | ${names(of, true)} | ${names(of, false)} |\n`).join('');
}

function toolWord(tool: string): string {
  return tool === 'bundle-mcp' ? 'tools of MCP servers' : `\`${tool}\``;
}

function auditLines({ opened, rendered }: { readonly opened: AuditLines; readonly rendered: AuditLines }): string {
  const ids = [...new Set([...WITHOUT_POLICY, ...opened, ...rendered].map((line) => line.slice(line.indexOf(' ') + 1)))].sort();
  const severity = (lines: AuditLines, id: string): string => lines.find((line) => line.endsWith(` ${id}`))?.split(' ')[0] ?? '–';
  return ids.map((id) => `| \`${id}\` | ${severity(WITHOUT_POLICY, id)} | ${severity(opened, id)} | ${severity(rendered, id)} |\n`).join('');
}

function clearedSentence(name: PresetName): string {
  const cleared = WITHOUT_POLICY.filter((line) => !AUDITED[name].opened.includes(line)).map((line) => `\`${line.slice(line.indexOf(' ') + 1)}\``);
  const stays = AUDITED[name].rendered.map((line) => `\`${line.slice(line.indexOf(' ') + 1)}\``);
  const clears = cleared.length === 0 ? 'Nothing is cleared by the policy alone' : `The policy alone clears ${cleared.join(', ')}`;
  return `${clears}; as rendered, ${stays.join(', ')} stay.`;
}
