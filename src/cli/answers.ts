/** Answers to the trust questions: from flags, or asked one by one where somebody is there to ask. */
import { BulkheadError } from '../core/error.ts';
import { QUESTIONS, readAnswers, type Answers } from '../manifest/decide.ts';
import type { CliContext } from './context.ts';

/** `given`: `question=answer` texts. Throws BulkheadError `usage` when one is missing and nobody can be asked. */
export async function answersFrom(context: CliContext, given: readonly string[]): Promise<Answers> {
  const answers = new Map<string, string>();
  for (const one of given) {
    const at = one.indexOf('=');
    if (at < 1)
      throw new BulkheadError(
        'usage',
        `${JSON.stringify(one)} is not question=answer`,
        `the questions are ${QUESTIONS.map(({ id }) => id).join(', ')}`,
      );
    answers.set(one.slice(0, at), one.slice(at + 1));
  }
  for (const question of QUESTIONS) {
    if (!answers.has(question.id) && context.interactive) answers.set(question.id, await askOne(context, question));
  }
  const read = readAnswers(Object.fromEntries(answers));
  if (read.ok) return read.answers;
  throw new BulkheadError('usage', read.problems.join('\n'), 'answer with --answer question=answer, once per question');
}

async function askOne(context: CliContext, question: (typeof QUESTIONS)[number]): Promise<string> {
  const allowed: [string, string][] = Object.entries(question.answers);
  const choices = allowed.map(([answer, meaning]) => `    ${answer.padEnd(10)} ${meaning}\n`).join('');
  for (;;) {
    const said = (await context.ask(`${question.text}\n${choices}  > `)).trim();
    if (allowed.some(([answer]) => answer === said)) return said;
    context.note(`  answer with one of: ${allowed.map(([answer]) => answer).join(', ')}\n`);
  }
}
