/** For undoing and laying out: a thing that is already gone or there, or not ours, is not an error here; what matters is looked at again. */
export function quietly(action: () => void): void {
  try {
    action();
  } catch {
    /* see above */
  }
}
