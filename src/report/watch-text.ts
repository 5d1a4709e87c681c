/** What a watch tells, one line an event and one for each change; or one JSON document a line. */
import type { FindingChange, WatchEvent } from '../core/watch.ts';
import { escapeForTerminal, printJson } from './escape.ts';
import { listOf, minute } from './layout.ts';
import { VERDICT_WORD } from './verdicts.ts';

const SIGN: Readonly<Record<FindingChange['now'], string>> = { fail: '+ fail   ', unknown: '? unknown', held: '- over   ' };

export function watchText(event: WatchEvent): string {
  const { at, fleet, verdict, exitCode, changed, attacks, message } = event;
  const head = `${at.slice(0, 19)}Z  ${VERDICT_WORD[verdict]}  ${escapeForTerminal(fleet)}  (exit ${exitCode})`;
  const said = message === undefined ? '' : `  ${event.event === 'problem' ? '! ' : ''}${escapeForTerminal(message)}`;
  const basis = attacks === undefined ? '' : `  attacks of ${minute(attacks.ranAt)}`;
  const beat = event.event === 'heartbeat' ? '  still watching' : '';
  return [`${head}${said}${basis}${beat}`, ...changed.map(changeLine)].map((line) => `${line}\n`).join('');
}

function changeLine({ id, tenants, severity, now, message, next }: FindingChange): string {
  const who = tenants.length === 0 ? 'the fleet' : listOf(tenants.map(escapeForTerminal), 5);
  const todo = next === undefined ? '' : `  Next: ${escapeForTerminal(next)}`;
  return `  ${SIGN[now]}  ${who}  ${escapeForTerminal(id)} (${severity}): ${escapeForTerminal(message)}${todo}`;
}

/** One line of JSON. */
export function watchJson(event: WatchEvent): string {
  return `${printJson({ schemaVersion: 1, kind: 'bulkhead.watch', ...event }, 0)}\n`;
}
