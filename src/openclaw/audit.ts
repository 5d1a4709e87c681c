/**
 * Reads what `openclaw security audit --json` printed. It ran as the tenant over the tenant's files: hostile text, capped here.
 * Source: openclaw 2026.9.6, shape seen by running it; check ids that nobody knows pass through with their severity.
 */
import type { AuditFact } from '../core/audit-facts.ts';
import { known, unknown, type Known } from '../core/facts.ts';
import type { AuditRun } from './audit-runner.ts';
import { isObject, type Json } from './merge.ts';

const MOST_FINDINGS = 500;
const SEVERITIES = ['critical', 'warn', 'info'] as const;

/** The audit as a fact; unknown when it was cut, failed, or is not an audit. Never an empty list in its stead. And whether it gave an answer at all. */
export function auditFact(run: AuditRun): { readonly audit: Known<AuditFact>; readonly auditRun: Known<{ readonly unreadable?: string }> } {
  const source = 'openclaw security audit --json';
  const parsed = run.truncated ? 'it printed too much' : parseAudit(run.stdout);
  if (typeof parsed !== 'string') return { audit: known({ ranAs: run.ranAs, takenAt: run.takenAt, ...parsed }, source), auditRun: known({}, source) };
  const why = `openclaw security audit (exit ${run.exit ?? 'by signal'}): ${parsed}`;
  // Killed or never started: nothing was said, which is not the same as an answer that is none.
  return { audit: unknown(why), auditRun: run.exit === null ? unknown(why) : known({ unreadable: why }, source) };
}

/** Summary and findings, or why the text is no audit. Warnings before the first `{` are skipped. */
export function parseAudit(stdout: string): Pick<AuditFact, 'summary' | 'findings' | 'suppressed'> | string {
  const start = stdout.indexOf('{');
  if (start < 0) return 'it printed no JSON';
  let said: unknown;
  try {
    said = JSON.parse(stdout.slice(start));
  } catch {
    return 'its JSON is broken';
  }
  if (!isObject(said)) return 'its JSON is no object';
  if (said['ok'] === false) return `it refused the config: ${text(isObject(said['error']) ? said['error']['message'] : said['error'])}`;
  const list = said['findings'];
  if (!Array.isArray(list) || !isObject(said['summary'])) return 'its JSON has no findings';
  if (list.length > MOST_FINDINGS) return `it has ${list.length} findings`;
  const findings: AuditFact['findings'][number][] = [];
  for (const entry of list as readonly unknown[]) {
    if (!isObject(entry) || typeof entry['checkId'] !== 'string' || typeof entry['severity'] !== 'string')
      return 'a finding has no checkId or severity';
    findings.push(findingOf(entry));
  }
  const hidden = said['suppressedFindings'];
  const suppressed = Array.isArray(hidden)
    ? hidden.slice(0, MOST_FINDINGS).map((one: unknown) => text(isObject(one) ? one['checkId'] : one, 200))
    : [];
  return { summary: summaryOf(said['summary'], findings), findings, ...(suppressed.length > 0 ? { suppressed } : {}) };
}

function findingOf(entry: Json): AuditFact['findings'][number] {
  const remediation = entry['remediation'];
  const base = {
    checkId: text(entry['checkId'], 200),
    severity: text(entry['severity'], 20),
    title: text(entry['title'], 300),
    detail: text(entry['detail']),
  };
  return typeof remediation === 'string' ? { ...base, remediation: text(remediation) } : base;
}

/** The higher of what it says and what it lists: a summary can hide nothing. */
function summaryOf(said: Json, findings: AuditFact['findings']): AuditFact['summary'] {
  const [critical, warn, info] = SEVERITIES.map((severity) => {
    const claimed = said[severity];
    const listed = findings.filter((finding) => finding.severity === severity).length;
    return Math.max(listed, typeof claimed === 'number' && Number.isSafeInteger(claimed) ? claimed : 0);
  });
  return { critical: critical ?? 0, warn: warn ?? 0, info: info ?? 0 };
}

function text(value: unknown, limit = 2000): string {
  return typeof value === 'string' ? value.slice(0, limit) : '';
}
