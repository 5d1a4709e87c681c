/** Paths as text: what they mean before anything is there to look at. */

/** `a//b/../c/` → `/a/c`; text only, links are followed once the path exists. */
export function normalised(path: string): string {
  // Nearly every path is written as it means.
  if (path.startsWith('/') && !/\/\.{0,2}(?:\/|$)/.test(path)) return path;
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(segment);
  }
  return `/${kept.join('/')}`;
}

/** `path` as seen from the directory `from`, both absolute in the end. */
export function resolvedFrom(from: string, path: string): string {
  return normalised(path.startsWith('/') ? path : `${from}/${path}`);
}

/** The directory that it lies in. */
export function directoryOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 1));
}

/** Whether `path` is `root` or below it, by whole segments. */
export function isWithin(path: string, root: string): boolean {
  return path.startsWith(root) && (path.length === root.length || root.endsWith('/') || path[root.length] === '/');
}
