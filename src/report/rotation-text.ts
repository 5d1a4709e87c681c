/** What a rotation did, for people: what was seen, what was not, who has to be told. */
import { escapeForTerminal } from './escape.ts';

export interface RotationPage {
  readonly tenant: string;
  readonly dryRun: boolean;
  readonly would: readonly string[];
  readonly rotated: readonly {
    readonly role: string;
    readonly how: 'reload' | 'restart' | 'stored';
    readonly gapMs?: number;
    readonly proof: readonly string[];
    readonly open: readonly string[];
  }[];
  readonly stale: readonly { readonly role: string; readonly reference: string }[];
  readonly holders: readonly { readonly name: string; readonly kind: string; readonly files: readonly string[]; readonly withUsers: boolean }[];
  readonly others: readonly { readonly tenant: string; readonly pid?: number; readonly changed: readonly string[] }[];
}

const HOW = {
  reload: 'taken by the running gateway, without a restart',
  restart: 'taken by a restart of the gateway',
  stored: 'put in place; no gateway runs',
} as const;

export function rotationText(page: RotationPage): string {
  const tenant = escapeForTerminal(page.tenant);
  const lines = [
    ...page.would.map((role) => `${tenant}: would get a new ${escapeForTerminal(role)}`),
    ...page.rotated.flatMap(({ role, how, gapMs, proof, open }) => [
      `${tenant}: new ${escapeForTerminal(role)}, ${HOW[how]}${gapMs === undefined ? '' : `; gap ${gapMs} ms`}`,
      ...proof.map((sentence) => `  seen: ${escapeForTerminal(sentence)}`),
      ...open.map((sentence) => `  not shown: ${escapeForTerminal(sentence)}`),
    ]),
    ...page.stale.map(
      ({ role, reference }) =>
        `! ${tenant}: ${escapeForTerminal(role)} was not rotated: ${escapeForTerminal(reference)} still gives the value it has`,
    ),
    ...page.holders.map(holderLine),
    ...page.others.map(({ tenant: other, pid, changed }) =>
      changed.length === 0
        ? `${escapeForTerminal(other)}: untouched (${pid === undefined ? 'no gateway runs' : `process ${pid} goes on`}, its secret files are the same)`
        : `! ${escapeForTerminal(other)}: ${changed.map(escapeForTerminal).join('; ')}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function holderLine({ name, kind, files, withUsers }: RotationPage['holders'][number]): string {
  const where = files.length === 0 ? '' : `, whose settings are in ${files.join(', ')}`;
  const users = withUsers ? '; its end users hold the key too' : '';
  return `! ${escapeForTerminal(`${name} (${kind}${where}) was given the old token: give it the new one${users}`)}`;
}
