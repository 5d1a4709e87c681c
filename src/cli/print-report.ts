/** The report of a command in the format that was asked for. */
import type { Fleet } from '../core/fleet.ts';
import type { VerifyReport } from '../core/report.ts';
import type { Severity } from '../core/words.ts';
import { printJson } from '../report/escape.ts';
import { junitXml } from '../report/junit.ts';
import { reportJson } from '../report/json.ts';
import { sarifLog } from '../report/sarif.ts';
import { printReport } from '../report/terminal.ts';
import { packageVersion } from './version.ts';
import type { CliContext } from './context.ts';
import type { Format } from './report-flags.ts';
import { checkRules, probeRules } from './rules.ts';

/** `more` goes beside the report's own keys, in JSON only. */
export function reportAs(
  context: CliContext,
  format: Format,
  { report, fleet, failOn, more = {} }: { report: VerifyReport; fleet: Pick<Fleet, 'tenants' | 'source'>; failOn: Severity; more?: object },
): string {
  switch (format) {
    case 'text':
      return printReport(report, { color: context.color, width: context.width });
    case 'json':
      return `${printJson({ ok: report.exitCode === 0, ...more, ...reportJson(report) })}\n`;
    case 'junit':
      return junitXml(report, failOn);
    case 'sarif': {
      const lines = new Map(fleet.tenants.map(({ id, at }) => [id, at.line]));
      const rules = [...checkRules(), ...probeRules()];
      // A scan has no manifest.
      const manifest = fleet.source.path === '' ? {} : { manifest: fleet.source.path };
      const log = sarifLog({ report, rules, version: packageVersion(), ...manifest, lineOf: (tenant) => lines.get(tenant) });
      return `${printJson(log)}\n`;
    }
  }
}
