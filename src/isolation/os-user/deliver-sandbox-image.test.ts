import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Blueprint } from '../../core/blueprint.ts';
import type { Place } from '../../core/host.ts';
import { recordingHost, type Answer } from '../../hosts/recording.ts';
import { deliverSandboxImage } from './deliver-sandbox-image.ts';
import { sampleBlueprint, sampleLayout } from './sample.ts';

const install = { root: '/opt/oc', node: '/opt/oc/bin/node', openclaw: '/opt/oc/openclaw.mjs', version: '2026.9.6' };
const layout = sampleLayout('bh1a2b', '/var/lib/bulkhead-1a2b', install);
const sandboxed: Blueprint = { ...sampleBlueprint('acme', 20_000, layout), host: 'edge-1', sandbox: 'all' };
const [hex, older, digest] = ['a', 'b', 'd'].map((letter) => letter.repeat(64));
const [HERE, THERE] = [`/srv/fleet/sandbox-images/${hex}.tar`, `/var/lib/bulkhead-1a2b/sandbox-images/${hex}.tar`];
const KIND: Answer = { when: 'uname', give: { stdout: 'Linux x86_64\n' } };

const here = (...answers: readonly Answer[]): Place => ({
  layout: sampleLayout('bh1a2b', '/srv/fleet', install),
  host: recordingHost(
    [
      ...answers,
      { when: 'cat -- /srv/fleet/sandbox-image', give: { stdout: `sha256:${hex}\n` } },
      { when: `test -f ${HERE}`, give: {} },
      { when: `sha256sum -- ${HERE}`, give: { stdout: `${digest}  ${HERE}\n` } },
      KIND,
    ],
    { id: 'local' },
  ),
});
const there = (pinned: string | undefined, has: boolean, kind = KIND): Place => ({
  layout,
  host: recordingHost(
    [
      {
        when: 'cat -- /var/lib/bulkhead-1a2b/sandbox-image',
        give: pinned === undefined ? { exit: 1 } : { stdout: `sha256:${pinned}\n` },
      },
      { when: `test -f ${THERE}`, give: { exit: has ? 0 : 1 } },
      kind,
    ],
    { id: 'edge-1' },
  ),
});
const lines = async (to: Place, from = here(), tenants: readonly Blueprint[] = [sandboxed]): Promise<readonly string[]> =>
  (await deliverSandboxImage(tenants, to, from, new AbortController().signal)).map(({ argv, stdin, stdinOf }) =>
    [...argv, ...(stdinOf === undefined ? [] : ['<', ...stdinOf]), ...(stdin === undefined ? [] : ['<<', stdin.trim()])].join(' '),
  );
const FOLDER = '/var/lib/bulkhead-1a2b/sandbox-images';
const pinned = (...kept: readonly (string | undefined)[]): readonly string[] => [
  `tee -- /var/lib/bulkhead-1a2b/sandbox-image << sha256:${hex}`,
  `find ${FOLDER} -type f -name *.tar ${kept.map((one) => `-not -name ${one}.tar`).join(' ')} -delete`,
];

test('the archive is brought beside its place, compared with its digest here, and only then pinned', async () => {
  assert.deepEqual(await lines(there(undefined, false)), [
    'install -d -m 0711 -- /var/lib/bulkhead-1a2b',
    `install -d -m 0700 -- ${FOLDER}`,
    `dd of=${FOLDER}/.brought bs=1M conv=fsync status=none < cat -- ${HERE}`,
    `sha256sum --check --strict --quiet << ${digest}  ${FOLDER}/.brought`,
    `chmod 0644 -- ${FOLDER}/.brought`,
    `mv -T -- ${FOLDER}/.brought ${THERE}`,
    ...pinned(hex, hex),
  ]);
});

test('what engines there have mounted stays beside the new one; where the archive is there, only the pin is written', async () => {
  const over = await lines(there(older, false));
  assert.deepEqual(over.slice(-2), pinned(hex, older));
  assert.deepEqual(await lines(there(older, true)), pinned(hex, older));
  assert.deepEqual(await lines(there(hex, true)), []);
});

test('nothing is brought for who has no sandbox, without an image here, and to a machine of another kind', async () => {
  const { sandbox: _, ...plain } = sandboxed;
  assert.deepEqual(await lines(there(undefined, false), here(), [plain]), []);
  assert.deepEqual(await lines(there(undefined, false), here({ when: 'cat -- /srv/fleet/sandbox-image', give: { exit: 1 } })), []);
  assert.deepEqual(await lines(there(undefined, false), here({ when: `test -f ${HERE}`, give: { exit: 1 } })), []);
  const other: Answer = { when: 'uname', give: { stdout: 'Linux aarch64\n' } };
  await assert.rejects(lines(there(undefined, false, other)), { code: 'apply', message: /^edge-1 is a machine of another kind/ });
});
