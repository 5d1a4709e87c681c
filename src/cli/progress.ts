/** Progress on stderr: one line per thing that takes time, with how long it took. */
import type { CliContext } from './context.ts';

export interface Progress {
  line(text: string): void;
}

/** Every line carries the seconds since the command began, so that a pause can be placed. */
export function progressTo(context: CliContext): Progress {
  const started = context.now().getTime();
  return {
    line: (text) => {
      const seconds = ((context.now().getTime() - started) / 1000).toFixed(1).padStart(6);
      context.note(`${seconds}s  ${text}\n`);
    },
  };
}
