/**
 * The report as JUnit XML, as CI servers read it: one suite per tenant and one for what concerns several, one case per finding.
 * A failure fails its case, an unknown is an error (never green), what does not apply is skipped.
 */
import type { Finding } from '../core/check.ts';
import type { VerifyReport } from '../core/report.ts';
import { severityIsAtLeast, type Severity } from '../core/words.ts';
import { escapeForTerminal } from './escape.ts';

interface Suite {
  readonly name: string;
  readonly findings: readonly Finding[];
}

/** `threshold`: from which severity on a failure counts; lesser ones are told in the case's output. */
export function junitXml(report: VerifyReport, threshold: Severity): string {
  const suites = suitesOf(report);
  const seconds = (report.durationMs / 1000).toFixed(3);
  const all = suites.flatMap(({ findings }) => findings);
  const head = `name=${value(`bulkhead ${report.phase} ${report.fleet}`)} ${counts(all, threshold)} time="${seconds}"`;
  const body = suites.map((suite) => suiteXml(suite, report, threshold)).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${head}>\n${body}</testsuites>\n`;
}

function suitesOf({ findings, facts }: VerifyReport): readonly Suite[] {
  const own = new Map<string, Finding[]>(facts.tenants.map(({ tenant }) => [tenant, []]));
  const common: Finding[] = [];
  for (const finding of findings) {
    const [only, ...others] = finding.tenants;
    const mine = only === undefined || others.length > 0 ? undefined : own.get(only);
    (mine ?? common).push(finding);
  }
  const suites = [{ name: 'the fleet', findings: common }, ...[...own].map(([name, mine]) => ({ name, findings: mine }))];
  return suites.filter((suite) => suite.findings.length > 0);
}

function suiteXml({ name, findings }: Suite, { startedAt, attacks }: VerifyReport, threshold: Severity): string {
  const cases = findings.map((finding) => caseXml(finding, threshold)).join('');
  // xs:dateTime without fraction or zone, as the common schemas have it; UTC.
  return `  <testsuite name=${value(name)} ${counts(findings, threshold)} time="0" timestamp="${startedAt.slice(0, 19)}">\n${propertiesOf(attacks)}${cases}  </testsuite>\n`;
}

/** Attacks that were taken over are told as such. */
function propertiesOf(attacks: VerifyReport['attacks']): string {
  if (attacks?.reusedFrom === undefined) return '';
  const property = (name: string, text: string): string => `      <property name=${value(name)} value=${value(text)}/>\n`;
  return `    <properties>\n${property('attacksRanAt', attacks.ranAt)}${property('attacksReusedFrom', attacks.reusedFrom)}    </properties>\n`;
}

function caseXml(finding: Finding, threshold: Severity): string {
  const { id, kind, tenants, severity, message, evidence, fix } = finding;
  const named = tenants.length > 4 ? `${tenants.slice(0, 4).join(', ')} and ${tenants.length - 4} more` : tenants.join(', ');
  const details = [message, ...evidence, ...(fix === '' ? [] : [`fix: ${fix}`])].map(text).join('\n');
  const head = `    <testcase classname=${value(`${kind}.${id}`)} name=${value(named === '' ? id : `${id}: ${named}`)} time="0"`;
  switch (outcome(finding, threshold)) {
    case 'failure':
      return `${head}>\n      <failure type=${value(severity)} message=${value(message)}>${details}</failure>\n    </testcase>\n`;
    case 'error':
      return `${head}>\n      <error type="unknown" message=${value(message)}>${details}</error>\n    </testcase>\n`;
    case 'skipped':
      return `${head}>\n      <skipped message=${value(message)}/>\n    </testcase>\n`;
    case 'told':
      return `${head}>\n      <system-out>${text(toldAs(finding))}\n${details}</system-out>\n    </testcase>\n`;
    case 'passed':
      return `${head}/>\n`;
  }
}

function toldAs({ accepted, severity }: Finding): string {
  return accepted === undefined ? `${severity}, below the threshold` : `accepted by ${accepted.owner} until ${accepted.until}: ${accepted.risk}`;
}

function outcome({ verdict, severity, accepted }: Finding, threshold: Severity): 'failure' | 'error' | 'skipped' | 'told' | 'passed' {
  if (verdict === 'unknown') return 'error';
  if (verdict === 'not-applicable') return 'skipped';
  if (accepted !== undefined) return 'told';
  if (verdict === 'fail') return severityIsAtLeast(severity, threshold) ? 'failure' : 'told';
  return 'passed';
}

function counts(findings: readonly Finding[], threshold: Severity): string {
  const number = (wanted: string): number => findings.filter((finding) => outcome(finding, threshold) === wanted).length;
  return `tests="${findings.length}" failures="${number('failure')}" errors="${number('error')}" skipped="${number('skipped')}"`;
}

/** XML 1.0 has no way to write most control characters: they are shown as escapes. */
function text(raw: string): string {
  return escapeForTerminal(raw).replace(/[&<>]/gu, (character) => `&#${character.codePointAt(0)};`);
}

function value(raw: string): string {
  return `"${escapeForTerminal(raw).replace(/[&<>"]/gu, (character) => `&#${character.codePointAt(0)};`)}"`;
}
