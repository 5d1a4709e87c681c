/** Control groups that a test's machine made for itself, in every tree of version 1 and in version 2. */
import { existsSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

const CGROUPS = '/sys/fs/cgroup';

/** Ends who is in the groups of this name and removes them; throws when something stays there all the same. */
export async function removeControlGroups(name: string): Promise<void> {
  const roots = readdirSync(CGROUPS).map((tree) => join(CGROUPS, tree, name));
  const deadline = Date.now() + 20_000;
  for (const root of roots) {
    while (existsSync(root)) {
      try {
        killTree(root);
        removeTree(root);
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }
}

/** Whoever is in such a group was started by the test. */
function killTree(directory: string): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) if (entry.isDirectory()) killTree(join(directory, entry.name));
  for (const pid of readFileSync(join(directory, 'cgroup.procs'), 'utf8').split('\n').map(Number)) if (pid > 1) kill(pid);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function removeTree(directory: string): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) if (entry.isDirectory()) removeTree(join(directory, entry.name));
  rmdirSync(directory);
}
