/** Flags of commands that end in a report. Apart from the report itself, whose rules are all checks and attacks: every command line would load them. */
import { BulkheadError } from '../core/error.ts';
import { SEVERITIES, type Severity } from '../core/words.ts';
import type { CommonFlags } from './flags.ts';

const FORMATS = ['text', 'json', 'sarif', 'junit'] as const;
export type Format = (typeof FORMATS)[number];

export interface ReportFlags extends CommonFlags {
  readonly format?: Format;
  readonly failOn: Severity;
}

export const reportFlags = {
  format: { kind: 'enum', values: FORMATS, optional: true, brief: 'Format of the report; json is what --json prints' },
  failOn: { kind: 'enum', values: SEVERITIES, default: 'high', brief: 'From which severity on a finding fails the run' },
} as const;

/** Throws BulkheadError `usage` when `--json` and `--format` disagree. */
export function formatOf({ format, json }: Pick<ReportFlags, 'format' | 'json'>): Format {
  if (json && format !== undefined && format !== 'json')
    throw new BulkheadError('usage', `--json and --format ${format} ask for two formats`, 'leave one of them out');
  return format ?? (json ? 'json' : 'text');
}
