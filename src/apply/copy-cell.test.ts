import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Blueprint } from '../core/blueprint.ts';
import { succeeded, type Command } from '../core/command.ts';
import type { Isolation } from '../core/host.ts';
import { localHost } from '../hosts/local.ts';
import { CELL_BEHIND } from '../openclaw/fleet-cells.ts';
import { main as lookAt, type CellData } from '../scan/cell-data.ts';
import type { FleetCell } from '../scan/fleet-cell.ts';
import { requires } from '../../test/support/requires.ts';
import { copyCell, stopCell } from './copy-cell.ts';

const signal = new AbortController().signal;
const CELL_UID = 64_201;

/** What the commands ask of a rung: programs run as they are. */
const isolation = { asTenant: (_: unknown, __: unknown, ___: unknown, program: Command) => program } as unknown as Isolation;

function blueprintAt(root: string): Blueprint {
  const state = `${root}/state`;
  const paths = { root, state, workspace: `${root}/workspace`, home: `${root}/home`, logFile: `${state}/logs/gateway.log` };
  return { tenant: 'acme', paths, install: { node: process.execPath } } as unknown as Blueprint; // what the commands do not read is left out
}

const cellAt = (data: string, more: Partial<FleetCell> = {}): FleetCell => ({
  name: 'acme',
  engine: 'docker',
  id: 'a'.repeat(64),
  running: true,
  startedAt: '',
  data,
  furtherMounts: [],
  uid: CELL_UID,
  gid: CELL_UID,
  ...more,
});

const EMPTY: CellData = { files: 0, links: 0, bytes: 0, behind: [], leftOut: [], refused: [], hasApart: false, settings: [] };
const commandsFor = (root: string, cell: FleetCell, data: CellData, keys?: CellData): readonly Command[] =>
  copyCell({
    blueprint: blueprintAt(root),
    layout: {} as never,
    isolation,
    observed: undefined,
    cell,
    data,
    ...(keys === undefined ? {} : { keys }),
  });

test('the commands read as the cell’s user below a directory that hides the rest, and write what they are given', () => {
  const data = { ...EMPTY, files: 1, behind: ['openclaw.json'], leftOut: [{ path: 'a[1]*', why: 'a socket' }], hasApart: true };
  const shown = commandsFor('/t/acme', cellAt('/srv/acme'), data).map(({ argv, stdinOf }) =>
    [argv, (stdinOf ?? []).map((word) => (word.includes('\n') ? 'PROGRAM' : word))].flat().join(' '),
  );
  const reading =
    '/usr/bin/env -C / -i PATH=/usr/bin:/bin LC_ALL=C unshare --mount --propagation private -- perl -e PROGRAM 64201 /srv/acme -- setpriv --reuid 64201 --regid 64201 --clear-groups --no-new-privs --';
  assert.deepEqual(shown, [
    'rm -rf --one-file-system -- /t/acme/state /t/acme/workspace /t/acme/home/.config/openclaw',
    'mkdir -p -m 0700 -- /t/acme/state /t/acme/home/.config/openclaw',
    `tar -C /t/acme/state --no-same-owner -xpf - ${reading} tar -C /srv/acme --one-file-system --hard-dereference --mode=u+rwX,go-rwx,a-st --anchored --no-wildcards --exclude=./openclaw.json --exclude=./a[1]* -cf - .`,
    String.raw`env -C /t/acme/state sha256sum --check --quiet --strict - ${reading} env -C /srv/acme find . -xdev ( -path ./openclaw.json -o -path ./a\[1\]\* ) -prune -o -type f -exec sha256sum {} +`,
    'mv -T -- /t/acme/state/workspace /t/acme/workspace',
    `${process.execPath} --input-type=module --disable-warning=ExperimentalWarning -`,
    'mkdir -p -m 0700 -- /t/acme/state /t/acme/workspace /t/acme/home/.config/openclaw /t/acme/state/logs',
  ]);
});

test('a cell that is stopped is not stopped again', () => {
  assert.deepEqual(stopCell(cellAt('/srv/acme', { running: false })), []);
  assert.deepEqual(stopCell(cellAt('/srv/acme'))[0]?.argv, ['docker', 'stop', '--time', '60', 'a'.repeat(64)]);
});

const skip = requires({ root: true, linux: true, programs: ['tar', 'setpriv', 'unshare', 'sha256sum', 'find', 'perl'] });

/** A cell’s data in a directory that its user cannot enter. */
function cellIn(t: TestContext): { readonly data: string; readonly root: string; readonly put: (path: string, text: string, mode?: number) => void } {
  const place = mkdtempSync(join(tmpdir(), 'bulkhead-copy-'));
  t.after(() => rmSync(place, { recursive: true }));
  const [data, root] = [join(place, 'closed/cells/acme'), join(place, 'acme')];
  mkdirSync(join(place, 'closed'), { mode: 0o700 });
  mkdirSync(root);
  const made = (path: string): void => {
    if (existsSync(path)) return;
    made(dirname(path));
    mkdirSync(path);
    if (path.startsWith(data)) chownSync(path, CELL_UID, CELL_UID);
  };
  const put = (path: string, text: string, mode = 0o600): void => {
    made(dirname(join(data, path)));
    writeFileSync(join(data, path), text);
    chownSync(join(data, path), CELL_UID, CELL_UID);
    chmodSync(join(data, path), mode);
  };
  made(data);
  return { data, root, put };
}

async function copied(data: string, root: string): Promise<string | undefined> {
  const seen = await lookAt({ root: data, behind: CELL_BEHIND, apart: 'workspace', settings: 'openclaw.json' });
  for (const command of commandsFor(root, cellAt(data), seen)) if (!succeeded(command, await localHost().run(command, signal))) return command.title;
  return undefined;
}

test('names of any kind come along whole; links as links; bits for the owner alone; what an earlier copy left does not stay', { skip }, async (t) => {
  const { data, root, put } = cellIn(t);
  for (const name of ['a b', 'with\nline', 'star*[x]', '-dash', '\\back']) put(`agents/${name}`, name);
  put('agents/program', 'x', 0o6755);
  put('workspace/NOTES.md', 'remembered');
  put('cache/much', 'x');
  put('openclaw.json', '{}');
  symlinkSync('NOTES.md', join(data, 'workspace/inner'));
  symlinkSync(join(root, '../closed'), join(data, 'workspace/star*'));
  linkSync(join(data, 'agents/program'), join(data, 'agents/same'));
  mkdirSync(join(root, 'state/old'), { recursive: true });
  assert.equal(await copied(data, root), undefined);
  for (const name of ['a b', 'with\nline', 'star*[x]', '-dash', '\\back']) assert.equal(readFileSync(join(root, 'state/agents', name), 'utf8'), name);
  assert.equal(statSync(join(root, 'state/agents/program')).mode & 0o7777, 0o700);
  assert.notEqual(statSync(join(root, 'state/agents/same')).ino, statSync(join(root, 'state/agents/program')).ino);
  assert.equal(readFileSync(join(root, 'workspace/NOTES.md'), 'utf8'), 'remembered');
  assert.equal(readlinkSync(join(root, 'workspace/inner')), 'NOTES.md');
  for (const left of ['workspace/star*', 'state/old', 'state/cache', 'state/openclaw.json', 'state/workspace'])
    assert.equal(lstatSync(join(root, left), { throwIfNoEntry: false }), undefined, left);
});

test('what its own user cannot read ends the copy', { skip }, async (t) => {
  const { data, root, put } = cellIn(t);
  put('agents/own', 'x');
  put('agents/of-root', 'x');
  chownSync(join(data, 'agents/of-root'), 0, 0);
  assert.match((await copied(data, root).catch((error: unknown) => String(error))) ?? '', /of-root: Cannot open: Permission denied/);
});

test('a cell without a file is copied without a comparison', { skip }, async (t) => {
  const { data, root } = cellIn(t);
  assert.equal(await copied(data, root), undefined);
  assert.deepEqual(
    ['state', 'workspace', 'home/.config/openclaw', 'state/logs'].map((path) => existsSync(join(root, path))),
    [true, true, true, true],
  );
});
