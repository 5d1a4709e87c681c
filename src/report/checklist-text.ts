/** The checklist for a terminal or a printer: never more than one page. */
import type { ChecklistDocument, ChecklistRow } from './checklist-document.ts';
import { clip, escapeForTerminal } from './escape.ts';
import { listOf, minute, pad, palette, wrap, type Palette, type PrintOptions } from './layout.ts';

/** Lines of an A4 page. */
export const PAGE_LINES = 66;

/** How much room the parts get; the first that fits the page is printed. */
interface Room {
  /** Lines for one row's value, its evidence and its shares. */
  readonly perPart: number;
  readonly limits: number;
  readonly unverified: number;
}
const ROOMS: readonly Room[] = [
  { perPart: 3, limits: 16, unverified: 10 },
  { perPart: 2, limits: 10, unverified: 6 },
  { perPart: 1, limits: 9, unverified: 5 },
];

export function checklistText(document: ChecklistDocument, { color, width }: PrintOptions): string {
  const paint = palette(color);
  const page = Math.min(120, Math.max(80, width));
  const pages = ROOMS.map((room) => pageLines(document, paint, page, room));
  const lines = pages.find((each) => each.length <= PAGE_LINES) ?? pages.at(-1) ?? [];
  return `${lines.join('\n')}\n`;
}

function pageLines(document: ChecklistDocument, paint: Palette, width: number, room: Room): readonly string[] {
  const { complete, problems } = document;
  const end = complete
    ? paint.good('Complete: every shared item has a named risk with owner and expiry.')
    : paint.bad(
        `NOT COMPLETE: ${problems.length} open, rows ${[...new Set(problems.map(({ item }) => document.rows.find((row) => row.item === item)?.number))].join(', ')}`,
      );
  return [
    ...headLines(document, paint, width),
    ...document.rows.flatMap((row) => rowLines(row, document, paint, width, room)),
    paint.strong('Not isolated here'),
    ...capped(wrap(document.notIsolated.map(({ text }) => escapeForTerminal(text)).join(' '), width, '  '), room.limits, width),
    paint.strong('Not verified'),
    ...capped(
      document.notVerified.flatMap((text) => wrap(escapeForTerminal(text), width, '  ', '    ')),
      room.unverified,
      width,
    ),
    end,
    'Signed: ____________________  Date: ____________',
  ];
}

/** The last line that fits says how much more there is. */
function capped(lines: readonly string[], most: number, width: number): readonly string[] {
  if (lines.length <= most) return lines;
  const last = lines[most - 1] ?? '';
  return [...lines.slice(0, most - 1), clip(`${clip(last, width - 24)} … (${lines.length - most} more lines)`, width)];
}

function headLines(document: ChecklistDocument, paint: Palette, width: number): readonly string[] {
  const { tenant, fleet, owner, data, trust, rung, generatedAt, verifiedAt, openclaw, manifestSha256, audit, policy } = document;
  const basis = document.phase === 'plan' ? 'from the manifest alone, nothing was run' : `verified ${minute(verifiedAt)}`;
  const line = (text: string): string => clip(escapeForTerminal(text), width);
  return [
    paint.strong(line(`TENANT BOUNDARY CHECKLIST  ${tenant}  fleet ${fleet}  trust ${trust}  rung ${rung}`)),
    line(`Owner ${owner}  Data: ${data}`),
    line(`Generated ${minute(generatedAt)}, ${basis}  OpenClaw ${openclaw}  manifest ${manifestSha256.slice(0, 12)}`),
    line(`Audit inside: ${audit}  Tool policy: ${policy}`),
  ];
}

function rowLines(row: ChecklistRow, document: ChecklistDocument, paint: Palette, width: number, { perPart }: Room): readonly string[] {
  const { number, label, value, unique, verifiedBy, failed } = row;
  const first = `${String(number).padStart(2)} ${pad(label, 24)}${pad(uniqueWord(unique, paint), 8)} `;
  const when = document.phase === 'plan' ? 'declared' : document.verifiedAt.slice(0, 10);
  const seen =
    verifiedBy.length === 0
      ? failed.length > 0
        ? ''
        : paint.doubt('verified by nothing')
      : `${listOf(verifiedBy.map(escapeForTerminal), 4)} (${when})`;
  const broken =
    failed.length === 0
      ? ''
      : `FAILED ${listOf(
          failed.map(({ id, severity }) => `${escapeForTerminal(id)} [${severity}]`),
          4,
        )}; `;
  return [
    ...capped(wrap(escapeForTerminal(value), width, first, ' '.repeat(36)), perPart, width + 16),
    ...capped(wrap(`${broken}${seen}`, width, '   '), Math.min(2, perPart), width + 16),
    ...capped(shareLines(row, width), perPart, width),
  ];
}

function uniqueWord(unique: ChecklistRow['unique'], paint: Palette): string {
  switch (unique) {
    case 'yes':
      return paint.good('unique');
    case 'no':
      return paint.bad('SHARED');
    case 'none':
      return 'none';
    case 'unknown':
      return paint.doubt('unknown');
  }
}

/** Peers under the same risk share one sentence; peers without one come first. */
function shareLines({ sharedWith }: ChecklistRow, width: number): readonly string[] {
  const groups = new Map<string, string[]>();
  const sorted = [...sharedWith].sort((left, right) => Number(left.risk !== undefined) - Number(right.risk !== undefined));
  for (const { tenant, risk } of sorted) {
    const text = risk === undefined ? 'NO NAMED RISK' : `“${risk.risk}” (${risk.owner}, until ${risk.until})`;
    const peers = groups.get(text) ?? [];
    peers.push(tenant);
    groups.set(text, peers);
  }
  return [...groups].flatMap(([text, peers]) => wrap(escapeForTerminal(`${listOf(peers, 4)}: ${text}`), width, '   shared with ', '     '));
}
