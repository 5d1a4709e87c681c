/** `bulkhead explain`: why a check or attack exists, how it decides and what to do; and the answers to questions that buyers ask. */
import { BulkheadError, EXIT_CODES } from '../../core/error.ts';
import { nearest } from '../../manifest/problem.ts';
import { printJson } from '../../report/escape.ts';
import { ruleText, topicText } from '../../report/explain.ts';
import { TOPICS } from '../../report/topics.ts';
import { action } from '../action.ts';
import type { CliContext } from '../context.ts';
import { checkRules, probeRules } from '../rules.ts';

export const explain = action(async (context, flags: { readonly json: boolean; readonly list: boolean }, ...ids: readonly string[]) => {
  if (flags.list || ids.length === 0) return list(context, flags.json);
  const rules = [...checkRules(), ...probeRules()];
  const found = ids.map((id) => {
    const rule = rules.find((one) => one.id === id);
    const topic = TOPICS.find((one) => one.id === id);
    if (rule !== undefined) return { document: rule, text: ruleText(rule, context) };
    if (topic !== undefined) return { document: topic, text: topicText(topic, context) };
    throw unknownId(
      id,
      [...rules, ...TOPICS].map((one) => one.id),
    );
  });
  if (flags.json) context.print(`${printJson({ ok: true, exitCode: 0, explained: found.map(({ document }) => document) })}\n`);
  else context.print(found.map(({ text }) => text).join('\n'));
  return EXIT_CODES.ok;
});

function list(context: CliContext, json: boolean): number {
  const [checks, attacks] = [checkRules(), probeRules()];
  if (json) {
    const ids = (all: readonly { readonly id: string }[]): readonly string[] => all.map(({ id }) => id);
    context.print(`${printJson({ ok: true, exitCode: 0, checks: ids(checks), attacks: ids(attacks), questions: ids(TOPICS) })}\n`);
    return EXIT_CODES.ok;
  }
  const lines = (all: readonly { readonly id: string; readonly title: string }[]): string =>
    all.map(({ id, title }) => `  ${id.padEnd(34)} ${title}\n`).join('');
  context.print(`${checks.length} checks\n${lines(checks)}\n${attacks.length} attacks\n${lines(attacks)}\n`);
  context.print(`Questions\n${lines(TOPICS.map(({ id, question }) => ({ id, title: question })))}`);
  return EXIT_CODES.ok;
}

function unknownId(id: string, known: readonly string[]): BulkheadError {
  const close = nearest(id, known);
  const hint = close === undefined ? 'bulkhead explain --list names them all' : `did you mean ${close}? bulkhead explain --list names them all`;
  return new BulkheadError('usage', `nothing is called ${JSON.stringify(id.slice(0, 80))}`, hint);
}
