/** The checklist as a Markdown page. */
import type { ChecklistDocument, ChecklistRow } from './checklist-document.ts';
import { clip, escapeMarkdown, markdownCode } from './escape.ts';
import { listOf, minute } from './layout.ts';

const MOST_BULLETS = 14;
const LONGEST = 300;
const MOST_IDS = 6;

const UNIQUE_WORD: Readonly<Record<ChecklistRow['unique'], string>> = { yes: 'yes', no: '**NO**', unknown: '**unknown**', none: 'none' };

export function checklistMarkdown(document: ChecklistDocument): string {
  const { tenant, fleet, owner, data, trust, rung, generatedAt, verifiedAt, openclaw, manifestSha256, audit, policy, complete, problems } = document;
  const basis = document.phase === 'plan' ? 'from the manifest alone, nothing was run' : `last verified ${minute(verifiedAt)}`;
  const lines = [
    `# Tenant boundary checklist: ${prose(tenant)}`,
    '',
    `Fleet ${prose(fleet)} · owner ${prose(owner)} · data: ${prose(data)} · trust: ${trust} · rung: ${rung}`,
    '',
    `Generated ${minute(generatedAt)}, ${basis} · OpenClaw ${prose(openclaw)} · manifest ${markdownCode(manifestSha256.slice(0, 12))}`,
    '',
    '| # | Item | Value | Unique? | Shared with | Named risk if shared | Verified by |',
    '|--:|---|---|---|---|---|---|',
    ...document.rows.map((row) => rowLine(row, document)),
    '',
    `Audit inside the boundary: ${prose(audit)}. Tool policy: ${prose(policy)}.`,
    '',
    '## Not isolated here',
    '',
    ...bullets(document.notIsolated.map(({ text }) => text)),
    '',
    '## Not verified',
    '',
    ...bullets(document.notVerified),
    '',
    complete ? '**Complete.** Every shared item has a named risk with owner and expiry.' : '**Not complete.**',
    ...(complete ? [] : ['', ...bullets(problems.map(({ message }) => message))]),
    '',
    'Signed: ____________________  Date: ____________',
  ];
  return `${lines.join('\n')}\n`;
}

function prose(text: string): string {
  return escapeMarkdown(clip(text, LONGEST));
}

function bullets(texts: readonly string[]): readonly string[] {
  const hidden = texts.length - MOST_BULLETS;
  return [...texts.slice(0, MOST_BULLETS).map((text) => `- ${prose(text)}`), ...(hidden > 0 ? [`- and ${hidden} more in the JSON document`] : [])];
}

function rowLine({ number, label, value, unique, sharedWith, verifiedBy, failed }: ChecklistRow, { verifiedAt, phase }: ChecklistDocument): string {
  const peers =
    sharedWith.length === 0
      ? '–'
      : prose(
          listOf(
            sharedWith.map((peer) => peer.tenant),
            5,
          ),
        );
  const by =
    verifiedBy.length === 0 ? '–' : `${listOf(verifiedBy.map(markdownCode), MOST_IDS)} ${phase === 'plan' ? '(declared)' : verifiedAt.slice(0, 10)}`;
  const broken =
    failed.length === 0
      ? ''
      : `**FAILED** ${listOf(
          failed.map(({ id, severity }) => `${markdownCode(id)} (${severity})`),
          MOST_IDS,
        )}; `;
  return `| ${number} | ${label} | ${markdownCode(clip(value, LONGEST))} | ${UNIQUE_WORD[unique]} | ${peers} | ${risksOf(sharedWith)} | ${broken}${by} |`;
}

function risksOf(sharedWith: ChecklistRow['sharedWith']): string {
  if (sharedWith.length === 0) return '–';
  const unnamed = sharedWith.filter(({ risk }) => risk === undefined);
  const named = sharedWith.flatMap(({ risk }) =>
    risk === undefined ? [] : [`${prose(risk.risk)} (${prose(risk.owner)}, until ${prose(risk.until)})`],
  );
  const missing =
    unnamed.length === 0
      ? []
      : [
          `**no named risk** with ${prose(
            listOf(
              unnamed.map(({ tenant }) => tenant),
              5,
            ),
          )}`,
        ];
  return [...missing, ...new Set(named)].join('; ');
}
