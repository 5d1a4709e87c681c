import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BulkheadError } from '../core/error.ts';
import { recordingHost, type Answer } from '../hosts/recording.ts';
import { cellOwner } from '../openclaw/fleet-cells.ts';
import { findCell } from './fleet-cell.ts';

const signal = new AbortController().signal;
const ID = 'c'.repeat(64);
const DATA = '/srv/state/fleet/cells/acme';

/** What Docker 20.10 says of a cell, as far as it is read. */
const inspected = ({ data = DATA, owner = cellOwner(DATA), tenant = 'acme', running = true } = {}): string =>
  JSON.stringify([
    {
      Id: ID,
      State: { Running: running, StartedAt: '2026-11-29T13:53:07Z' },
      Config: { Labels: { 'openclaw.fleet.tenant': tenant, 'openclaw.fleet.owner': owner } },
      Mounts: [
        { Type: 'bind', Source: data, Destination: '/home/node/.openclaw' },
        { Type: 'bind', Source: '/srv/state/fleet/auth-profile-secrets/acme', Destination: '/home/node/.config/openclaw' },
        { Type: 'bind', Source: '/srv/other', Destination: '/mnt/other' },
      ],
    },
  ]);

const engine = (inspect: string, more: readonly Answer[] = []) =>
  recordingHost([
    ...more,
    { when: /^stat --dereference/, give: { stdout: '/usr/bin/docker\n', exit: 1 } },
    { when: 'docker ps', give: { stdout: `${'d'.repeat(64)} openclaw-cell-acme2\n${ID} openclaw-cell-acme\n` } },
    { when: `docker inspect --type container ${ID}`, give: { stdout: inspect } },
    { when: `stat -c %F %u %g -- ${DATA}`, give: { stdout: 'directory 1000 1000\n' } },
  ]);

const failure = async (host: ReturnType<typeof engine>): Promise<readonly [string, string]> => {
  const error: unknown = await findCell(host, 'acme', signal).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof BulkheadError, String(error));
  return [error.code, error.message];
};

test('a cell is told with its data, whose they are, and what else is mounted into it', async () => {
  assert.deepEqual(await findCell(engine(inspected()), 'acme', signal), {
    name: 'acme',
    engine: 'docker',
    id: ID,
    running: true,
    startedAt: '2026-11-29T13:53:07Z',
    data: DATA,
    keys: '/srv/state/fleet/auth-profile-secrets/acme',
    furtherMounts: ['/srv/other at /mnt/other'],
    uid: 1000,
    gid: 1000,
  });
});

test('the name of another cell is another cell', async () => {
  assert.equal(await findCell(engine(inspected()), 'acm', signal), undefined);
});

test('a container that only carries the name, or has another directory than fleet gave it, is refused', async () => {
  const [code, message] = await failure(engine(inspected({ tenant: 'globex' })));
  assert.deepEqual([code, /does not carry the labels/.test(message)], ['apply', true]);
  assert.match((await failure(engine(inspected({ data: '/srv/state/fleet/cells/globex' }))))[1], /not the directory that openclaw fleet gave it/);
});

test('data that are a link, or no directory, are refused', async () => {
  const link = { when: 'stat -c', give: { stdout: 'symbolic link 1000 1000\n' } };
  assert.match((await failure(engine(inspected(), [link])))[1], /is not a directory/);
});

test('a cell of Podman is found where Docker is installed and does not run', async () => {
  const answers: readonly Answer[] = [
    { when: /^stat --dereference/, give: { stdout: '/usr/bin/docker\n/var/lib/containers/storage\n' } },
    { when: 'docker ps', give: { exit: 1, stderr: 'Cannot connect to the Docker daemon' } },
    { when: 'podman ps', give: { stdout: `${ID} openclaw-cell-acme\n` } },
    { when: 'podman inspect', give: { stdout: inspected({ running: false }) } },
  ];
  const cell = await findCell(engine('', answers), 'acme', signal);
  assert.deepEqual([cell?.engine, cell?.running], ['podman', false]);
});

test('an engine that does not answer is no engine without a cell', async () => {
  const silent = { when: 'docker ps', give: { exit: 1, stderr: 'Cannot connect to the Docker daemon' } };
  assert.deepEqual(await failure(engine(inspected(), [silent])), [
    'host',
    'could not ask docker for its containers: Cannot connect to the Docker daemon',
  ]);
});
