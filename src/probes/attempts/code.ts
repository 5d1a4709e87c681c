/** Why something was refused, in one word. */
export function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return `ERROR ${String(error).slice(0, 120)}`;
}
