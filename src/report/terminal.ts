/** A report for the terminal: verdict first, then the matrix, the attacks, the findings, what was accepted, what is unknown. */
import type { Finding } from '../core/check.ts';
import type { ProbeResult } from '../core/probe.ts';
import type { VerifyReport } from '../core/report.ts';
import { escapeForTerminal } from './escape.ts';
import { count, listOf, minute, palette, wrap, type Palette, type PrintOptions } from './layout.ts';
import { limitsOf } from './limits.ts';
import { matrixLines } from './matrix-text.ts';
import { probeLines } from './probe-table.ts';
import {
  acceptedFindings,
  attacksOf,
  bySeverity,
  openFindings,
  reusedSentence,
  severityPaint,
  shownVerdict,
  tellsOf,
  triedSentence,
  unattackedSentence,
  unknownFindings,
  unknownProbes,
  VERDICT_WORD,
  verdictPaint,
} from './verdicts.ts';

const EVIDENCE_SHOWN = 6;
const BASIS: Readonly<Record<VerifyReport['phase'], string>> = {
  plan: 'judged on what is declared; nothing was run',
  verify: 'judged on what runs',
  scan: 'judged on what was found; nothing was attacked',
};

export function printReport(report: VerifyReport, { color, width }: PrintOptions): string {
  const paint = palette(color);
  const sections: readonly (readonly string[])[] = [
    headLines(report, paint),
    titled('Unique per tenant', paint, matrixLines(report, paint, width)),
    ...(report.phase === 'scan' && report.probes.length === 0
      ? []
      : [titled('Attacks, from inside each boundary', paint, [...probeLines(report, paint), ...untoldProbes(report, paint, width)])]),
    findingLines(report, paint, width),
    titled('Accepted risks', paint, acceptedLines(report, paint, width)),
    titled('Not verified', paint, unknownLines(report, paint, width)),
    titled('Not isolated', paint, limitLines(report, width)),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function titled(title: string, paint: Palette, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [paint.strong(title), ...lines];
}

function headLines(report: VerifyReport, paint: Palette): readonly string[] {
  const verdict = shownVerdict(report);
  const passed = report.findings.filter((finding) => finding.kind === 'check' && finding.verdict === 'pass' && finding.accepted === undefined).length;
  const held = report.probes.filter((probe) => probe.verdict === 'contained').length;
  const words = [
    count(openFindings(report).length, verdict === 'fail' || openFindings(report).length === 0 ? 'finding' : 'lesser finding'),
    count(acceptedFindings(report).length, 'accepted risk'),
    `${unknownFindings(report).length + unknownProbes(report).length} unknown`,
    `${count(passed, 'check')} passed`,
    report.probes.length === 0 ? 'no attack was run' : `${held} of ${count(attacksOf(report).length, 'attack')} held`,
  ];
  const basis = report.phase === 'scan' && report.probes.length > 0 ? 'judged on what was found and attacked' : BASIS[report.phase];
  const reused = reusedSentence(report);
  return [
    `${paint.strong(escapeForTerminal(report.fleet))}  ${count(report.facts.tenants.length, 'tenant')}  ${minute(report.startedAt)}  ${basis}`,
    `${verdictPaint(verdict, paint)(VERDICT_WORD[verdict])}  ${words.join(', ')}  (exit ${report.exitCode}, ${(report.durationMs / 1000).toFixed(1)} s)`,
    ...(reused === undefined ? [] : [paint.doubt(reused)]),
  ];
}

/** Failures grouped by the tenants concerned, the worst first within each. */
function findingLines(report: VerifyReport, paint: Palette, width: number): readonly string[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of openFindings(report)) {
    const who = finding.tenants.length === 0 ? 'the fleet' : listOf(finding.tenants.map(escapeForTerminal), 5);
    const group = groups.get(who) ?? [];
    group.push(finding);
    groups.set(who, group);
  }
  const lines = [...groups].flatMap(([who, findings]) => [
    `  ${paint.strong(who)}`,
    ...findings.sort(bySeverity).flatMap((finding) => oneFinding(finding, paint, width)),
  ]);
  return titled('Findings', paint, lines);
}

function oneFinding(finding: Finding, paint: Palette, width: number): readonly string[] {
  const { severity, id, title, message, evidence, fix } = finding;
  const hidden = evidence.length - EVIDENCE_SHOWN;
  return [
    `    ${severityPaint(severity, paint)(severity)}  ${escapeForTerminal(id)}  ${escapeForTerminal(title)}`,
    ...wrap(escapeForTerminal(message), width, '      '),
    ...evidence.slice(0, EVIDENCE_SHOWN).flatMap((one) => wrap(escapeForTerminal(one), width, '      · ', '        ')),
    ...(hidden > 0 ? [`      · and ${hidden} more`] : []),
    ...wrap(escapeForTerminal(fix), width, '      fix: ', '           '),
  ];
}

/** Breaches that are not among the findings, so that none can be missed. */
function untoldProbes(report: VerifyReport, paint: Palette, width: number): readonly string[] {
  const untold = report.probes.filter(
    (probe) =>
      probe.verdict === 'breached' &&
      !report.findings.some((finding) => (finding.verdict === 'fail' || finding.accepted !== undefined) && tellsOf(finding, probe)),
  );
  return untold.flatMap((probe) => wrap(probeSentence(probe), width, `  ${paint.bad('BREACHED')}  `, '            '));
}

export function probeSentence({ id, attacker, victim, detail }: ProbeResult): string {
  return `${escapeForTerminal(id)}, ${escapeForTerminal(attacker)} → ${escapeForTerminal(victim)}: ${escapeForTerminal(detail)}`;
}

function acceptedLines(report: VerifyReport, paint: Palette, width: number): readonly string[] {
  return [...acceptedFindings(report)].sort(bySeverity).flatMap((finding) => {
    const { accepted, id, tenants, message } = finding;
    if (accepted === undefined) return [];
    const named = `${escapeForTerminal(id)} (${listOf(tenants.map(escapeForTerminal), 5)}): ${escapeForTerminal(message)}`;
    const by = `“${escapeForTerminal(accepted.risk)}” accepted by ${escapeForTerminal(accepted.owner)} until ${escapeForTerminal(accepted.until)}`;
    return [...wrap(named, width, `  ${paint.doubt(finding.severity)}  `, '    '), ...wrap(by, width, '    ')];
  });
}

function unknownLines(report: VerifyReport, paint: Palette, width: number): readonly string[] {
  // One reason keeps many checks from judging: it is told once.
  const byReason = Map.groupBy(unknownFindings(report), ({ tenants, message }) => JSON.stringify([tenants, message]));
  const checks = [...byReason.values()].flatMap((same) => {
    const [first] = same;
    const ids = [...new Set(same.map(({ id }) => escapeForTerminal(id)))].join(', ');
    return first === undefined ? [] : [`${ids} (${listOf(first.tenants.map(escapeForTerminal), 5)}): ${escapeForTerminal(first.message)}`];
  });
  const probes = unknownProbes(report).map(probeSentence);
  const untried = unattackedSentence(report);
  const left = untried === undefined ? [] : wrap(untried, width, '  ');
  const all = [...checks, ...probes];
  if (all.length > 0) return [...all.flatMap((text) => wrap(text, width, `  ${paint.doubt('unknown')}  `, '           ')), ...left];
  if (report.phase === 'plan') return ['  Everything that only a running gateway can show: run bulkhead apply, then bulkhead verify.'];
  return [...wrap(triedSentence(report), width, '  '), ...left];
}

function limitLines(report: VerifyReport, width: number): readonly string[] {
  const texts = new Set(report.facts.tenants.flatMap((tenant) => limitsOf(report.facts, tenant).map(({ text }) => escapeForTerminal(text))));
  const lines = [...texts].flatMap((text) => wrap(text, width, '  · ', '    '));
  return [...lines, '  More in docs/limits.md.'];
}
