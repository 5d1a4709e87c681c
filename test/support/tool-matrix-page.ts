/** The tried matrix as a page. */
import { TOOL_NAMES } from '../../src/openclaw/tool-catalogue.ts';
import { ATTEMPTS, hasBrowser, type Outcome, type PresetSeen } from './tool-matrix.ts';

const SIGNS: Readonly<Record<Outcome, string>> = { absent: '–', refused: '✗', answers: '✓' };

export function matrixPage(seen: readonly PresetSeen[], version: string): string {
  const heads = seen.map(({ preset }) => (hasBrowser(preset) ? `${preset} ¹` : preset));
  const tried = ATTEMPTS.map(({ tool, what }, at) => row([`\`${tool}\``, what, ...seen.map(({ outcomes }) => SIGNS[outcomes[at] ?? 'absent'])]));
  const given = TOOL_NAMES.filter((tool) => seen.some(({ effective }) => effective.includes(tool)));
  const told = given.map((tool) => row([`\`${tool}\``, ...seen.map(({ effective }) => (effective.includes(tool) ? '✓' : '–'))]));
  const shown = seen.map(({ preset, offered }) => row([preset, offered.length === 0 ? 'none' : offered.map((tool) => `\`${tool}\``).join(', ')]));
  return `# Tool by preset, tried

Printed from a run by \`node scripts/tool-matrix.ts\` on OpenClaw ${version}; \`test/e2e/policy.test.ts\` makes the same run and fails where a preset gives
anything else than this page and than what is [computed from it](README.md#tool-by-preset). One real gateway takes one preset after the other; a scripted model calls each tool
in a turn of the real agent, directly or, where the model is not shown it, through \`tool_call\`. No sandbox, no provider for web search, no device.

## What a call came to

– the agent has no such tool · ✗ it has the tool, and this call was refused · ✓ the call got through to the tool. ¹ with \`browser: on\`

${table(['tool', 'asked for', ...heads], tried)}

## What the gateway says that it gives

By \`tools.effective\` on a session of the agent: what \`bulkhead verify\` asks every running gateway (\`policy.effective\`). Tools that a preset
gives and no preset shows here appear only with a provider, a device or a model of their kind. Tools of plugins are left out.

${table(['tool', ...heads], told)}

## What the model is shown

The \`tools\` of its request. \`tool_search\`, \`tool_describe\` and \`tool_call\` lead to the rest of what the gateway gives.

${table(['preset', 'tools'], shown)}
`;
}

function table(heads: readonly string[], rows: readonly string[]): string {
  return [row(heads), row(heads.map((_, at) => (at < heads.length - 7 || heads.length < 7 ? '---' : ':-:'))), ...rows].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
