/**
 * How quickly a tenant's gateway answers the tenant itself while it is attacked. Asked on a fixed beat, whether or not it has answered before: one that
 * hangs is asked as often as one that does not. Any answer counts, and none is read. Travels with the holder.
 */
import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds. `silent`: how often it did not answer while attacked; `after` is absent where it did not afterwards. */
export interface Health {
  readonly before: number;
  readonly during: number;
  readonly after?: number;
  readonly asked: number;
  readonly silent: number;
}

export interface Watching {
  /** Asks once more, and ends. */
  end(): Promise<Health>;
}

const BEFORE = 5;
const BEAT_MS = 500;
/** A busy gateway was seen to do nothing else for 8 s. */
const SILENT_MS = 15_000;
/** For the last time: whoever ends a run does not wait for long. */
const LAST_MS = 10_000;

/** Returns when it is known how quickly the gateway answers at rest. Undefined where it does not. */
export async function watchHealth(port: number): Promise<Watching | undefined> {
  const before: number[] = [];
  for (let at = 0; at < BEFORE; at += 1) {
    const took = await ask(port, SILENT_MS);
    if (took === undefined) return undefined;
    before.push(took);
  }
  const during: number[] = [];
  const pending = new Map<number, Promise<void>>();
  let silent = 0;
  const beat = setInterval(() => {
    const started = performance.now();
    const answered = ask(port, SILENT_MS).then((took) => {
      if (!pending.delete(started)) return;
      during.push(took ?? SILENT_MS);
      if (took === undefined) silent += 1;
    });
    pending.set(started, answered);
  }, BEAT_MS);
  return {
    end: async () => {
      clearInterval(beat);
      const [after] = await Promise.all([
        ask(port, LAST_MS),
        Promise.race([Promise.all(pending.values()), sleep(LAST_MS, undefined, { ref: false })]),
      ]);
      // What is not answered yet took this long at least.
      for (const started of pending.keys()) during.push(performance.now() - started);
      pending.clear();
      const rounded = after === undefined ? {} : { after: Math.round(after) };
      // Where attacks end sooner than it was asked, the last answer is all that there is.
      const seen = during.length === 0 && after !== undefined ? [after] : during;
      return { before: median(before), during: median(seen), ...rounded, asked: seen.length, silent };
    },
  };
}

function ask(port: number, ms: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const started = performance.now();
    const timer = setTimeout(() => call.destroy(new Error('silent')), ms);
    const end = (took?: number): void => {
      clearTimeout(timer);
      resolve(took);
    };
    const call = get({ host: '127.0.0.1', port, path: '/healthz', agent: false }, (answer) => {
      answer.destroy();
      end(performance.now() - started);
    });
    call.on('error', () => end());
  });
}

function median(values: readonly number[]): number {
  return Math.round(values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0);
}
