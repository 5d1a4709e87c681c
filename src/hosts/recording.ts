/** A host that runs nothing: it records commands and answers from a table. For tests and dry runs. */
import type { Command, CommandResult } from '../core/command.ts';
import type { Host } from '../core/host.ts';

/** Answers every command whose argv, joined by spaces, starts with `when` (string) or matches it. The first answer that fits counts. */
export interface Answer {
  readonly when: string | RegExp | ((command: Command) => boolean);
  /** What it gives: a result (exit 0 and no output where not said), or an Error to reject with. */
  readonly give: Partial<CommandResult> | Error;
}

export interface RecordingHost extends Host {
  /** Every command it was given, in order, answered or not. */
  readonly commands: readonly Command[];
}

export interface RecordingOptions {
  readonly id?: string;
  /** What happens to a command without an answer: `fail` (default) rejects, so that silence never looks like success. */
  readonly otherwise?: 'fail' | 'succeed';
}

const SUCCESS: CommandResult = { exit: 0, signal: null, stdout: '', stderr: '', timedOut: false, truncated: false, durationMs: 0 };

export function recordingHost(answers: readonly Answer[] = [], options: RecordingOptions = {}): RecordingHost {
  const commands: Command[] = [];
  const answerTo = async (command: Command, signal: AbortSignal): Promise<CommandResult> => {
    signal.throwIfAborted();
    commands.push(command);
    const answer = answers.find(({ when }) => fits(when, command));
    if (answer === undefined) {
      if (options.otherwise === 'succeed') return SUCCESS;
      throw new Error(`recordingHost has no answer for: ${command.argv.join(' ')}`);
    }
    if (answer.give instanceof Error) throw answer.give;
    return { ...SUCCESS, ...answer.give };
  };
  return {
    id: options.id ?? 'recording',
    commands,
    run: answerTo,
    async stream(command, onLine, signal) {
      const result = await answerTo(command, signal);
      const lines = result.stdout.split('\n');
      if (lines.at(-1) === '') lines.pop();
      for (const line of lines) onLine(line);
      return { ...result, stdout: '' };
    },
  };
}

function fits(when: Answer['when'], command: Command): boolean {
  if (typeof when === 'function') return when(command);
  const line = command.argv.join(' ');
  return typeof when === 'string' ? line.startsWith(when) : when.test(line);
}
