/** Spans of time as people write and read them: `30s`, `15m`, `6h`, `2d`. */

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A whole number of seconds, minutes, hours or days, at most a year. */
export const DURATION = /^[1-9][0-9]{0,7}[smhd]$/;
const MOST_MS = 366 * 86_400_000;

/** Milliseconds; undefined when the text is no such span. */
export function parseDuration(text: string): number | undefined {
  if (!DURATION.test(text)) return undefined;
  const milliseconds = Number(text.slice(0, -1)) * (UNITS[text.slice(-1)] ?? Number.NaN);
  return milliseconds <= MOST_MS ? milliseconds : undefined;
}

/** `45 s`, `12 min`, `3 h`, `2 days`: rounded down, in the unit that fits. */
export function durationText(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
}
