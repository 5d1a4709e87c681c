import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleBlueprint, SAMPLE_LAYOUT } from '../../test/support/sample.ts';
import type { Command, Program } from '../core/command.ts';
import { BulkheadError } from '../core/error.ts';
import type { Isolation } from '../core/host.ts';
import { recordingHost, type Answer, type RecordingHost } from '../hosts/recording.ts';
import { cellOwner } from '../openclaw/fleet-cells.ts';
import type { CellData } from '../scan/cell-data.ts';
import { findCell } from '../scan/fleet-cell.ts';
import { bringData } from './adopt-tenant.ts';

const signal = new AbortController().signal;
const ID = 'c'.repeat(64);
const DATA = '/srv/state/fleet/cells/acme';
const LOOKED: CellData = { files: 1, links: 0, bytes: 1, behind: [], leftOut: [], refused: [], hasApart: false, settings: [] };
const isolation = {
  observe: async () => undefined,
  asTenant: (_: unknown, __: unknown, ___: unknown, program: Program): Command => program,
} as unknown as Isolation; // what bringing data asks of a rung

interface State {
  readonly running: boolean;
  readonly startedAt: string;
}
const RUNS: State = { running: true, startedAt: '1' };
const STOPPED: State = { running: false, startedAt: '1' };

/** `states`: what the engine says each time it is asked for the cell; the last stays. */
async function bring(states: readonly State[], { looked = LOOKED, answers = [] }: { looked?: CellData; answers?: readonly Answer[] } = {}) {
  const said = (): string => {
    const asked = host.commands.filter(({ argv }) => argv[1] === 'inspect').length;
    const { running, startedAt } = states[Math.min(asked, states.length) - 1] ?? STOPPED;
    const Config = { Labels: { 'openclaw.fleet.tenant': 'acme', 'openclaw.fleet.owner': cellOwner(DATA) } };
    return JSON.stringify([
      { Id: ID, State: { Running: running, StartedAt: startedAt }, Config, Mounts: [{ Source: DATA, Destination: '/home/node/.openclaw' }] },
    ]);
  };
  const host: RecordingHost = recordingHost([
    ...answers,
    { when: /^stat --dereference/, give: { stdout: '/usr/bin/docker\n' } },
    { when: 'docker ps', give: { stdout: `${ID} openclaw-cell-acme\n` } },
    {
      when: 'docker inspect',
      get give() {
        return { stdout: said() };
      },
    },
    { when: 'stat -c', give: { stdout: 'directory 1000 1000\n' } },
    { when: ({ title }) => title === `look at ${DATA}`, give: { stdout: JSON.stringify(looked) } },
    { when: /^(?:docker stop|rm|mkdir|mv|tar|env -C|\/opt\/oc\/bin\/node) /, give: {} },
  ]);
  const cell = (await findCell(host, 'acme', signal)) ?? assert.fail('no cell');
  const titles: string[] = [];
  const run = {
    blueprints: [sampleBlueprint('acme')],
    isolationOf: () => isolation,
    layout: SAMPLE_LAYOUT,
    host,
    looker: { node: '/node', scanner: 0 },
    runId: 'r',
    keep: () => {},
    onStep: ({ command }: { readonly command: Command }, phase: string) => {
      if (phase === 'done') titles.push(command.title);
    },
    now: () => new Date(0),
  };
  const error: unknown = await bringData(run, { cell, data: LOOKED }, signal).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error !== undefined && !(error instanceof BulkheadError)) assert.fail(String(error));
  return { titles, error };
}

test('the cell is stopped before its data is read, and asked for again when all of it is there', async () => {
  const { titles, error } = await bring([RUNS, STOPPED, STOPPED]);
  assert.equal(error, undefined);
  assert.deepEqual(
    titles.map((title) => title.split(' ').slice(0, 2).join(' ')),
    ['stop the', 'clear the', 'make the', 'copy the', 'compare every', 'keep its', 'make what'],
  );
});

test('a cell that does not stay stopped is not copied', async () => {
  const { titles, error } = await bring([RUNS, { running: true, startedAt: '2' }]);
  assert.deepEqual(titles, ['stop the cell acme']);
  assert.match(error?.message ?? '', /was started by somebody else meanwhile/);
});

for (const { what, last } of [
  { what: 'runs', last: { running: true, startedAt: '2' } },
  { what: 'has run and was stopped', last: { running: false, startedAt: '2' } },
]) {
  test(`a copy is not whole when the cell ${what} after it`, async () => {
    const { error } = await bring([RUNS, STOPPED, last]);
    assert.match(error?.message ?? '', /its copy is not whole, and will not be started/);
    assert.equal(error?.hint, 'OPENCLAW_STATE_DIR=/srv/state openclaw fleet stop acme, then: bulkhead adopt acme --yes');
  });
}

test('what it wrote until it ended may be refused as well', async () => {
  const { titles, error } = await bring([RUNS, STOPPED], { looked: { ...LOOKED, refused: [{ path: 'disk', why: 'it is a device' }] } });
  assert.deepEqual(titles, ['stop the cell acme']);
  assert.match(error?.message ?? '', /disk: it is a device; nothing was copied/);
});

test('a step that fails says how to go on, and how to go back', async () => {
  const { titles, error } = await bring([RUNS, STOPPED], { answers: [{ when: 'tar', give: { exit: 2, stderr: 'no space' } }] });
  assert.equal(titles.at(-1), 'make the directories for it');
  assert.equal(error?.code, 'apply');
  assert.equal(
    error.hint,
    'mend the cause, then: bulkhead adopt acme --yes; or go on with the cell: OPENCLAW_STATE_DIR=/srv/state openclaw fleet start acme',
  );
});
