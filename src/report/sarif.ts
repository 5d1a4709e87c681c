/** The report as SARIF 2.1.0, for code scanning and dashboards. Source: OASIS sarif-v2.1.0-errata01. */
import type { Finding } from '../core/check.ts';
import type { VerifyReport } from '../core/report.ts';
import type { Severity } from '../core/words.ts';
import { escapeForTerminal, escapeMarkdown } from './escape.ts';
import type { Rule } from './rule.ts';
import { compare } from './verdicts.ts';

export interface SarifInput {
  readonly report: VerifyReport;
  readonly rules: readonly Rule[];
  readonly version: string;
  /** The manifest as it was named; absent where there is none. */
  readonly manifest?: string;
  /** Line of each tenant in the manifest, 1-based. */
  readonly lineOf: (tenant: string) => number | undefined;
}

type Level = 'error' | 'warning' | 'note';

/** One run. What failed is a result, what a named risk accepts is a suppressed one, what could not be judged is open and a notification. */
export function sarifLog(input: SarifInput): object {
  const { report, version } = input;
  const told = report.findings.filter(({ verdict, accepted }) => verdict === 'fail' || verdict === 'unknown' || accepted !== undefined);
  const ids = [...new Set(told.map(({ id }) => id))].toSorted(compare);
  const unknown = told.filter(({ verdict }) => verdict === 'unknown');
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'bulkhead', semanticVersion: version, rules: ids.map((id) => ruleOf(id, input)) } },
        automationDetails: { id: `bulkhead/${report.phase}/${report.fleet}/` },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            // Whether the run could say what it was to say: a finding is an answer, an unknown is none.
            executionSuccessful: unknown.length === 0,
            exitCode: report.exitCode,
            startTimeUtc: report.startedAt,
            ...attacksOf(report),
            endTimeUtc: new Date(Date.parse(report.startedAt) + report.durationMs).toISOString(),
            toolExecutionNotifications: unknown.map((finding) => ({
              level: 'warning',
              message: { text: textOf(finding) },
              associatedRule: { id: finding.id },
            })),
          },
        ],
        results: told.map((finding) => resultOf(finding, ids.indexOf(finding.id), input)),
      },
    ],
  };
}

/** Attacks that were taken over are told as such. */
function attacksOf({ attacks }: VerifyReport): object {
  return attacks?.reusedFrom === undefined ? {} : { properties: { attacksRanAt: attacks.ranAt, attacksReusedFrom: attacks.reusedFrom } };
}

function ruleOf(id: string, { rules, report }: SarifInput): object {
  const rule = rules.find((one) => one.id === id);
  const { title, fix } = rule ?? report.findings.find((finding) => finding.id === id) ?? { title: id, fix: '' };
  if (rule === undefined) return { id, shortDescription: { text: sentence(title) }, help: { text: sentence(fix === '' ? title : fix) } };
  const { why, how, source, severity, item } = rule;
  const text = `${why}\n\nDetermined: ${how}\n\nFix: ${fix}\n\nSource: ${source}`;
  const markdown = `${escapeMarkdown(why)}\n\n**Determined:** ${escapeMarkdown(how)}\n\n**Fix:** ${escapeMarkdown(fix)}\n\n**Source:** ${escapeMarkdown(source)}`;
  return {
    id,
    shortDescription: { text: sentence(title) },
    fullDescription: { text: sentence(why) },
    help: { text, markdown },
    properties: { severityByTrust: severity, item, kind: rule.kind },
  };
}

function resultOf(finding: Finding, ruleIndex: number, { manifest, lineOf }: SarifInput): object {
  const { id, verdict, severity, tenants, accepted } = finding;
  const isOpen = verdict === 'unknown';
  const shown = tenants.slice(0, 10);
  const artifactLocation = { uri: encodeURI(manifest ?? '') };
  const [first, ...others] = shown.map(lineOf).filter((line) => line !== undefined);
  const at = (line: number | undefined): object => ({ artifactLocation, ...(line === undefined ? {} : { region: { startLine: line } }) });
  const logicalLocations = shown.map((name) => ({ name, kind: 'tenant', fullyQualifiedName: name }));
  return {
    ruleId: id,
    ruleIndex,
    kind: isOpen ? 'open' : 'fail',
    level: isOpen ? 'none' : levelOf(severity),
    message: { text: textOf(finding) },
    locations: [{ ...(manifest === undefined ? {} : { physicalLocation: at(first) }), logicalLocations }],
    ...(manifest === undefined || others.length === 0
      ? {}
      : { relatedLocations: [...new Set(others)].map((line) => ({ physicalLocation: at(line) })) }),
    partialFingerprints: { 'finding/v1': `${id}:${[...tenants].toSorted(compare).join(',')}` },
    properties: { severity, tenants, evidence: finding.evidence.map(escapeForTerminal), fix: finding.fix },
    ...(accepted === undefined
      ? {}
      : { suppressions: [{ kind: 'external', status: 'accepted', justification: `${accepted.risk} (${accepted.owner}, until ${accepted.until})` }] }),
  };
}

function textOf({ message, evidence }: Finding): string {
  const shown = evidence.slice(0, 6).map((one) => `\n- ${escapeForTerminal(one)}`);
  return `${escapeForTerminal(message)}${shown.join('')}`;
}

function levelOf(severity: Severity): Level {
  switch (severity) {
    case 'critical':
    case 'high':
      return 'error';
    case 'warn':
      return 'warning';
    case 'info':
      return 'note';
  }
}

function sentence(text: string): string {
  const shown = escapeForTerminal(text);
  return /[.!?…]$/u.test(shown) ? shown : `${shown}.`;
}
