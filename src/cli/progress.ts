/** Progress on stderr: one line per thing that takes time, with how long it took. */
import type { Step } from '../core/plan.ts';
import type { PairCoverage, ProbeResult } from '../core/probe.ts';
import { clip } from '../report/escape.ts';
import { probeSentence } from '../report/terminal.ts';
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

/** Tells each step of a plan as it starts. */
export function tellSteps({ line }: Progress): (step: Step, phase: 'start' | 'done') => void {
  return ({ command }, phase) => {
    if (phase === 'start') line(command.title);
  };
}

/** Says how many pairs are done, ten times at most, and each breach as soon as it is known. */
export function attackProgress({ line }: Progress, { attacked, of, seed }: PairCoverage) {
  const which = seed === undefined ? '' : ` of ${of} (a ring and random ones, --pairs-seed ${seed} attacks the same)`;
  line(`attack ${attacked} ordered pairs${which} from inside`);
  return {
    onResult: (result: ProbeResult): void => {
      if (result.verdict === 'breached') line(`BREACHED [${result.severity}]  ${clip(probeSentence(result), 200)}`);
    },
    onPair: (done: number): void => {
      if (Math.floor((done * 10) / attacked) > Math.floor(((done - 1) * 10) / attacked)) line(`${done} of ${attacked} pairs attacked`);
    },
  };
}
