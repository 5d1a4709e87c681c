/** Flags that many commands share. */
import { parseDuration } from '../core/duration.ts';

export interface CommonFlags {
  readonly file?: string;
  readonly stateDir?: string;
  readonly json: boolean;
}

export const fileFlag = {
  kind: 'parsed',
  parse: String,
  optional: true,
  brief: 'Manifest to read (default: bulkhead.yaml in the current folder)',
  placeholder: 'FILE',
} as const;

export const stateDirFlag = {
  kind: 'parsed',
  parse: String,
  optional: true,
  brief: 'Where Bulkhead keeps its state (default: /var/lib/bulkhead as root, else the XDG state directory)',
  placeholder: 'DIR',
} as const;

export const jsonFlag = { kind: 'boolean', default: false, brief: 'Print one JSON document instead of text' } as const;

export const commonFlags = { file: fileFlag, stateDir: stateDirFlag, json: jsonFlag } as const;
export const commonAliases = { f: 'file' } as const;

/** Tenants named on the command line; none means all. */
export const tenantsParameter = {
  kind: 'array',
  parameter: { brief: 'Tenants (default: all of the manifest)', parse: String, placeholder: 'tenant' },
} as const;

export const tenantParameter = {
  kind: 'tuple',
  parameters: [{ brief: 'Tenant of the manifest', parse: String, placeholder: 'tenant' }],
} as const;

/** `all` is no limit. Throws Error, which the command line tells as a usage error. */
export function parsePairs(text: string): number {
  return text === 'all' ? Infinity : wholeNumber(text, 'neither `all` nor a whole number');
}

/** Throws as `parsePairs`. */
export function parseSeed(text: string): number {
  return wholeNumber(text, 'not a whole number', 2 ** 32 - 1);
}

function wholeNumber(text: string, wrong: string, most = Number.MAX_SAFE_INTEGER): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= most) return number;
  throw new Error(`${text} is ${wrong}${most < Number.MAX_SAFE_INTEGER ? ` of at most ${most}` : ''}`);
}

/** Milliseconds. Throws SyntaxError, which the command line reports as a wrong argument. */
export function durationFlag(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined) throw new SyntaxError('must be a time such as 30s, 15m, 6h or 2d');
  return milliseconds;
}

/** A flag that takes any text. */
export const text = (brief: string, placeholder: string) => ({ kind: 'parsed', parse: String, optional: true, brief, placeholder }) as const;

export const identityFlag = text(
  'Identity file of age that opens encrypted secrets (default: BULKHEAD_AGE_IDENTITY, else ~/.config/bulkhead/age-identity)',
  'FILE',
);

/** A flag that takes a length of time, e.g. `30s`. */
export const duration = (brief: string) => ({ kind: 'parsed', parse: durationFlag, optional: true, brief, placeholder: 'TIME' }) as const;
