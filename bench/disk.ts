/**
 * What a disk of a tenant's own costs: the same work in a plain directory and on a file system in a file beside it, in turn. Needs root, loop devices
 * and 3 GB below /var/lib. Work that waits for the disk (SQLite), that waits for nothing (small files), and that moves much (one large file).
 */
import { spawnSync } from 'node:child_process';
import { closeSync, fsyncSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 7);
const folder = mkdtempSync('/var/lib/bulkhead-bench-disk-');
const run = (program: string, ...args: readonly string[]): void => {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program}: ${stderr}`);
};

/** As OpenClaw keeps its state: a log beside the database, each turn a few commits. */
function commits(at: string): void {
  const database = new DatabaseSync(join(at, 'state.sqlite'));
  database.exec('pragma journal_mode=wal; pragma synchronous=full; create table entries (id integer primary key, text text)');
  const insert = database.prepare('insert into entries (text) values (?)');
  for (let count = 0; count < 300; count += 1) insert.run('x'.repeat(2000));
  database.close();
}

function smallFiles(at: string): void {
  for (let count = 0; count < 3000; count += 1) writeFileSync(join(at, `${count}`), 'x'.repeat(3000));
  for (let count = 0; count < 3000; count += 1) readFileSync(join(at, `${count}`));
  for (let count = 0; count < 3000; count += 1) rmSync(join(at, `${count}`));
  const directory = openSync(at, 'r');
  fsyncSync(directory);
  closeSync(directory);
}

function largeFile(at: string): void {
  const file = openSync(join(at, 'large'), 'w');
  const block = Buffer.alloc(1 << 20, 7);
  for (let count = 0; count < 400; count += 1) writeSync(file, block);
  fsyncSync(file);
  closeSync(file);
}

const WORK = { 'SQLite, 300 commits': commits, '3000 small files': smallFiles, 'one file of 400 MiB': largeFile };
/** As `src/isolation/os-user/disk.ts` mounts it, and what else it could have been. */
const PLACES = { plain: '', disk: 'discard', 'disk without discard': '' };
const image = (place: string): string => join(folder, `${place.replaceAll(' ', '-')}.ext4`);

const times = new Map<string, number[]>();
try {
  for (const [place, options] of Object.entries(PLACES)) {
    mkdirSync(join(folder, place));
    if (place === 'plain') continue;
    run('truncate', '-s', '1G', image(place));
    run('mkfs.ext4', '-q', '-F', '-b', '4096', '-i', '8192', '-m', '0', image(place));
    const how = ['loop', 'nosuid', 'nodev', 'noatime', 'errors=remount-ro', ...(options === '' ? [] : [options])].join(',');
    run('mount', '-t', 'ext4', '-o', how, image(place), join(folder, place));
  }
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [work, act] of Object.entries(WORK))
      for (const place of Object.keys(PLACES)) {
        const at = join(folder, place, 'work');
        mkdirSync(at);
        run('sync');
        const start = performance.now();
        act(at);
        const key = `${work}: ${place}`;
        times.set(key, [...(times.get(key) ?? []), performance.now() - start]);
        rmSync(at, { recursive: true });
      }
} finally {
  for (const place of Object.keys(PLACES)) if (place !== 'plain') spawnSync('umount', [join(folder, place)]);
  rmSync(folder, { recursive: true });
}

const median = (key: string): number => (times.get(key) ?? []).toSorted((left, right) => left - right)[Math.floor(ROUNDS / 2)] ?? Number.NaN;
for (const work of Object.keys(WORK))
  for (const place of Object.keys(PLACES)) {
    const [plain, here] = [median(`${work}: plain`), median(`${work}: ${place}`)];
    process.stdout.write(`${work}, ${place}: median ${here.toFixed(0)} ms, ${(here / plain).toFixed(2)} times plain\n`);
  }
