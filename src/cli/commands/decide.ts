/** `bulkhead decide`: is a separate agent enough, or does it take a Gateway, an OS user, a machine? */
import { printJson } from '../../report/escape.ts';
import { EXIT_CODES } from '../../core/error.ts';
import { decide as decideFrom } from '../../manifest/decide.ts';
import { action } from '../action.ts';
import { answersFrom } from '../answers.ts';

export const decide = action(async (context, flags: { readonly json: boolean; readonly answer?: readonly string[] }) => {
  const answers = await answersFrom(context, flags.answer ?? []);
  const decision = decideFrom(answers);
  if (flags.json) {
    context.print(`${printJson({ ok: true, exitCode: 0, answers, decision })}\n`);
    return EXIT_CODES.ok;
  }
  const rows = [
    ['A separate agent on one Gateway', decision.agent],
    ['A separate Gateway', decision.gateway],
    ['A separate OS user', decision.osUser],
    ['A separate host', decision.host],
  ] as const;
  context.print(rows.map(([what, answer]) => `${what.padEnd(34)}${answer}\n`).join(''));
  context.print(
    `\nDeclare: trust: ${decision.trust}, isolation: ${decision.isolation}${decision.isolation === 'os-user' ? ' (or container, where an engine is in use already)' : ''}\n${decision.reasons.map((reason) => `  because ${reason}\n`).join('')}`,
  );
  return EXIT_CODES.ok;
});
