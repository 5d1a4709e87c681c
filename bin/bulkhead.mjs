// The program: answers --version before anything else is read, otherwise starts the command line with a private compile cache.
import { existsSync, lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const argv = process.argv.slice(2);

if (argv.length === 1 && argv[0] === '--version') {
  process.stdout.write(`${JSON.parse(readFileSync(new URL('package.json', root), 'utf8')).version}\n`);
} else if (!fits(process.versions.node)) {
  process.stderr.write(
    `✗ Node ${process.versions.node} cannot run Bulkhead; it needs 24.16 or newer, not 25\n  fix: rm -f .bulkhead/node, then run the same command again\n`,
  );
  process.exitCode = 3;
} else {
  await enableCompileCache();
  // The published package carries only the compiled program (Node strips no types below node_modules); a checkout runs its sources.
  const source = new URL('src/cli/main.ts', root);
  const { main } = await import(existsSync(source) ? source.href : new URL('dist/cli/main.js', root).href);
  process.exitCode = await main(argv);
}

/** OpenClaw's own range, which the launcher checks too before it chooses a Node. */
function fits(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return (major === 24 && minor >= 16) || (major === 26 && minor >= 1) || major > 26;
}

/** Compiled code is run as it lies there: only a directory that nobody else can write may hold it. */
async function enableCompileCache() {
  const home = process.env.XDG_CACHE_HOME ?? (process.env.HOME === undefined ? undefined : `${process.env.HOME}/.cache`);
  const places = [fileURLToPath(new URL('.bulkhead', root)), ...(home === undefined ? [] : [`${home}/bulkhead`])];
  const place = places.find((path) => isPrivate(path) && isPrivate(`${path}/compile-cache`));
  if (place === undefined) return;
  const { enableCompileCache: enable } = await import('node:module');
  enable(`${place}/compile-cache`);
}

function isPrivate(path) {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const found = lstatSync(path);
    return found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
  } catch {
    return false; // no cache is only slower
  }
}
