/** Where a program's output goes: kept up to a limit, or handed on line by line. Nothing here grows without bound. */
import { StringDecoder } from 'node:string_decoder';
import type { Sink } from './child.ts';

/** Keeps the first `maxBytes`, drops the rest and says so. */
export function keepingSink(maxBytes: number): Sink {
  const kept: Buffer[] = [];
  let size = 0;
  let dropped = false;
  return {
    take(chunk) {
      const room = maxBytes - size;
      if (chunk.length > room) dropped = true;
      if (room <= 0) return;
      const part = chunk.length > room ? chunk.subarray(0, room) : chunk;
      kept.push(part);
      size += part.length;
    },
    end: () => undefined,
    text: () => Buffer.concat(kept).toString('utf8'),
    truncated: () => dropped,
  };
}

/** Hands on complete lines without their newline; a line longer than `maxChars` is cut, the rest of it dropped. */
export function lineSink(onLine: (line: string) => void, maxChars: number): Sink {
  const decoder = new StringDecoder('utf8');
  let partial = '';
  let dropped = false;
  const add = (text: string): void => {
    const room = maxChars - partial.length;
    if (text.length > room) dropped = true;
    if (room > 0) partial += text.slice(0, room);
  };
  const flush = (): void => {
    const line = partial;
    partial = '';
    onLine(line);
  };
  return {
    take(chunk) {
      const parts = decoder.write(chunk).split('\n');
      const last = parts.pop() ?? '';
      for (const part of parts) {
        add(part);
        flush();
      }
      add(last);
    },
    end() {
      add(decoder.end());
      if (partial !== '') flush();
    },
    text: () => '',
    truncated: () => dropped,
  };
}
