/** Canaries among a tenant's files: planting them, seeing whether they are as they were, taking them away. Travels with the holder. */
import { chmodSync, existsSync, lstatSync, readFileSync, readdirSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { quietly } from './attempts/quietly.ts';

export interface Canary {
  readonly surface: string;
  readonly directory: string;
  readonly name: string;
  readonly nonce: string;
}

const OURS = /^\.bulkhead-(canary|probe)-[0-9a-f]{8,}(\.md)?$/;

export function plant(wanted: readonly Canary[], modeIn: (directory: string) => number): { canaries: Record<string, string>; problems: string[] } {
  const canaries: Record<string, string> = {};
  const problems: string[] = [];
  for (const canary of wanted) {
    const { surface, directory, nonce } = canary;
    if (!existsSync(directory)) continue;
    try {
      const path = pathOf(canary);
      const mode = modeIn(directory);
      writeFileSync(path, nonce, { flag: 'wx', mode: 0o600 });
      chmodSync(path, mode); // past the umask
      canaries[surface] = path;
    } catch (error) {
      problems.push(`${surface}: ${String(error).slice(0, 160)}`);
    }
  }
  return { canaries, problems };
}

export function pathOf({ directory, name }: Canary): string {
  return `${directory}/${name}`;
}

/** By name alone: in a directory that others use too, what looks like ours may be theirs. */
export function takeAway(canaries: readonly Canary[]): void {
  for (const canary of canaries) quietly(() => unlinkSync(pathOf(canary)));
}

/** The most open mode among the regular files beside it: a canary must be no safer than what it stands for. Never below 0600. */
export function neighbourMode(directory: string): number {
  let mode = 0o600;
  for (const entry of readdirSync(directory, { withFileTypes: true }).slice(0, 256)) {
    if (entry.isFile())
      quietly(() => {
        mode |= lstatSync(`${directory}/${entry.name}`).mode & 0o044;
      });
  }
  return mode;
}

export function changed(canaries: readonly Canary[], planted: Readonly<Record<string, string>>): string[] {
  return canaries.flatMap(({ surface, nonce }) => {
    const path = planted[surface];
    if (path === undefined) return [];
    try {
      return statSync(path).isFile() && readFileSync(path, 'utf8') === nonce ? [] : [`${path} was changed`];
    } catch {
      return [`${path} is gone`];
    }
  });
}

export function leftBehind(directories: readonly string[]): string[] {
  return directories.flatMap((directory) =>
    ours(directory)
      .filter((name) => name.startsWith('.bulkhead-probe-'))
      .map((name) => `${directory}/${name} was left behind by an attacker`),
  );
}

function ours(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => OURS.test(name));
  } catch {
    return [];
  }
}

/** Removes our names directly below the given directories; unlink follows no link. */
export function sweep(directories: readonly string[]): void {
  for (const directory of directories) {
    for (const name of ours(directory)) quietly(() => unlinkSync(`${directory}/${name}`));
  }
}
