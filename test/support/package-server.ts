/** A small archive of Debian packages for machines that reach no other network: what they would install, as this machine's own apt gets it. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';
import { aptSettings, aptSources, CACHE, machineRoot, runTool } from './machine-root.ts';

export interface PackageServer {
  /** One line of sources.list. */
  readonly source: string;
  end(): Promise<void>;
}

/** `packages` and what they need beyond what a fresh machine has. */
export async function servePackages(packages: readonly string[], address: string): Promise<PackageServer> {
  const folder = await downloaded(packages);
  const index = (await Promise.all(debsIn(folder).map((name) => entryOf(join(folder, name))))).join('\n');
  const server = createServer((request, response) => {
    const name = decodeURIComponent(basename(request.url ?? ''));
    if (name === 'Packages') return void response.end(index);
    if (debsIn(folder).includes(name)) return void response.end(readFileSync(join(folder, name)));
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  return {
    source: `deb [trusted=yes] http://${address}:${bound.port} ./\n`,
    end: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const debsIn = (folder: string): readonly string[] => readdirSync(folder).filter((name) => name.endsWith('.deb'));

/** A stanza of Packages, deb822(5). */
async function entryOf(path: string): Promise<string> {
  const { stdout } = await runTool('read a package', ['dpkg-deb', '--field', path]);
  const bytes = readFileSync(path);
  return `${stdout.trim()}\nFilename: ./${basename(path)}\nSize: ${bytes.length}\nSHA256: ${createHash('sha256').update(bytes).digest('hex')}\n`;
}

/** Kept by what was asked for. apt is told to take the fresh machine for its own, so that it finds what is missing there. */
async function downloaded(packages: readonly string[]): Promise<string> {
  const root = await machineRoot('fresh');
  const { sources } = await aptSources();
  const recipe = createHash('sha256').update(JSON.stringify([root, sources, packages]));
  const place = join(CACHE, `packages-${recipe.digest('hex').slice(0, 12)}`);
  if (existsSync(place)) return place;
  const staging = mkdtempSync(join(CACHE, 'new-'));
  try {
    const at = (name: string): string => join(staging, name);
    for (const name of ['etc/preferences.d', 'lists/partial', 'archives/partial']) mkdirSync(at(name), { recursive: true, mode: 0o755 });
    writeFileSync(at('etc/sources.list'), `${sources.join('\n')}\n`);
    const options = [
      ...(await aptSettings()).map((setting) => setting.replace(/ "(.*)"$/, '=$1')),
      `Dir::Etc=${at('etc')}`,
      'Dir::Etc::TrustedParts=/usr/share/keyrings',
      `Dir::State::Lists=${at('lists')}`,
      `Dir::State::Status=${join(root, 'var/lib/dpkg/status')}`,
      `Dir::Cache::Archives=${at('archives')}`,
      'Dir::Cache::pkgcache=',
      'Dir::Cache::srcpkgcache=',
      'Debug::NoLocking=1',
      'APT::Sandbox::User=root',
    ].flatMap((option) => ['-o', option]);
    await runTool('ask for the lists of packages', ['apt-get', '-q', ...options, 'update']);
    await runTool('download packages', [
      'apt-get',
      '-q',
      '-y',
      ...options,
      'install',
      '--download-only',
      '--no-install-recommends',
      '--',
      ...packages,
    ]);
    rmSync(join(at('archives'), 'partial'), { recursive: true });
    renameSync(at('archives'), place);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  return place;
}
