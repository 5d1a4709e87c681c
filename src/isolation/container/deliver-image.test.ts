import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Blueprint } from '../../core/blueprint.ts';
import { BulkheadError } from '../../core/error.ts';
import type { Place } from '../../core/host.ts';
import { recordingHost, type Answer } from '../../hosts/recording.ts';
import { sampleBlueprint, sampleLayout } from '../os-user/sample.ts';
import { deliverImage } from './deliver-image.ts';

const install = { root: '/opt/oc', node: '/opt/oc/bin/node', openclaw: '/opt/oc/openclaw.mjs', version: '2026.9.6' };
const layout = sampleLayout('bh1a2b', '/var/lib/bulkhead-1a2b', install);
const hereLayout = sampleLayout('bh1a2b', '/srv/fleet', install);
const acme: Blueprint = { ...sampleBlueprint('acme', 20_000, layout), rung: 'container', host: 'edge-2' };
const hex = 'a'.repeat(64);
const id = `sha256:${hex}`;
const signal = new AbortController().signal;

const KIND: Answer = { when: 'uname', give: { stdout: 'Linux x86_64\n' } };
const here = (...answers: readonly Answer[]): Place => ({
  layout: hereLayout,
  host: recordingHost([...answers, { when: 'cat -- /srv/fleet/container-image', give: { stdout: `${id}\n` } }, { when: 'test -f', give: {} }, KIND], {
    id: 'local',
  }),
});
const there = (...answers: readonly Answer[]): Place => ({
  layout,
  host: recordingHost(
    [
      ...answers,
      { when: 'stat ', give: { exit: 1, stdout: '/usr/bin/docker\n/usr/bin/podman\n' } },
      { when: 'cat -- /var/lib/bulkhead-1a2b/container-image', give: { exit: 1 } },
      { when: /^(?:docker|podman) image ls/, give: {} },
      KIND,
    ],
    { id: 'edge-2' },
  ),
});
const has = (engine: string, printed = id): Answer => ({ when: `${engine} image ls`, give: { stdout: `sha256:${'b'.repeat(64)}\n${printed}\n` } });
const pinned = (text: string): Answer => ({ when: 'cat -- /var/lib/bulkhead-1a2b/container-image', give: { stdout: text } });
const lines = async (blueprints: readonly Blueprint[], to: Place, from = here()): Promise<readonly string[]> =>
  (await deliverImage(blueprints, to, from, signal)).map(({ argv, stdin, stdinOf }) =>
    [...argv, ...(stdinOf === undefined ? [] : ['<', ...stdinOf]), ...(stdin === undefined ? [] : ['<<', stdin.trim()])].join(' '),
  );
const BRING = (engine: string): readonly string[] => [
  `${engine} load --quiet < cat -- /srv/fleet/container-images/${hex}.tar`,
  `${engine} image inspect --format {{.Id}} ${id}`,
];
const PIN = ['install -d -m 0711 -- /var/lib/bulkhead-1a2b', `tee -- /var/lib/bulkhead-1a2b/container-image << ${id}`];

test('an engine without the image is given the archive, asked for its digest, and only then is the image pinned', async () => {
  assert.deepEqual(await lines([acme], there()), [...BRING('docker'), ...PIN]);
});

test('once it is there and pinned, there is nothing to do; where another is pinned, only the pin is', async () => {
  assert.deepEqual(await lines([acme], there(has('docker'), pinned(`${id}\n`))), []);
  assert.deepEqual(await lines([acme], there(has('docker'))), PIN);
  assert.deepEqual(await lines([acme], there(has('docker'), pinned(`sha256:${'b'.repeat(64)}\n`))), PIN);
  // Podman prints it without its algorithm.
  assert.deepEqual(await lines([{ ...acme, engine: 'podman' }], there(has('podman', hex), pinned(`${id}\n`))), []);
});

test('every engine that a tenant there is to have is given it, each once', async () => {
  const tenants: readonly Blueprint[] = [acme, { ...acme, tenant: 'globex', engine: 'docker' }, { ...acme, tenant: 'initech', engine: 'podman' }];
  assert.deepEqual(await lines(tenants, there()), [...BRING('docker'), ...BRING('podman'), ...PIN]);
});

test('for rootless engines it is unpacked there, from what has the digests of the image, and nothing is loaded', async () => {
  const layer = 'c'.repeat(64);
  const config: Answer = {
    when: `tar --extract --to-stdout --file=/srv/fleet/container-images/${hex}.tar -- ${hex}.json`,
    give: { stdout: JSON.stringify({ rootfs: { type: 'layers', diff_ids: [`sha256:${layer}`] } }) },
  };
  const rootless: Blueprint = { ...acme, engine: 'podman', rootless: true };
  const roots = '/var/lib/bulkhead-1a2b/container-roots';
  const isUnpacked = (exit: number): Answer => ({ when: `test -d ${roots}/${hex}`, give: { exit } });
  const before = `sha256:${'d'.repeat(64)}`;
  const brought = await lines([rootless], there(isUnpacked(1), pinned(`${before}\n`)), here(config));
  const folder = `${roots}/.brought`;
  assert.deepEqual(brought.slice(0, 5), [
    `install -d -m 0711 -- /var/lib/bulkhead-1a2b ${roots}`,
    `rm -rf --one-file-system -- ${folder}`,
    `install -d -m 0700 -- ${folder}`,
    `tar --extract --file=- -C ${folder} -- ${hex}.json layer.tar < cat -- /srv/fleet/container-images/${hex}.tar`,
    `sha256sum --check --strict --quiet << ${hex}  ${folder}/${hex}.json\n${layer}  ${folder}/layer.tar`,
  ]);
  const rest = brought.slice(5);
  assert.ok(rest.includes(`mv -T --no-clobber -- ${roots}/.new ${roots}/${hex}`));
  const spared = [hex, 'd'.repeat(64)].map((one) => `-not -path ${roots}/${one}`).join(' ');
  assert.deepEqual(rest.slice(-3), [`find ${roots} -mindepth 1 -maxdepth 1 ${spared} -exec rm -rf --one-file-system -- {} +`, ...PIN]);
  assert.deepEqual(await lines([rootless], there(isUnpacked(0), pinned(`${id}\n`)), here(config)), []);
  assert.deepEqual((await lines([acme, rootless], there(isUnpacked(0)), here(config))).slice(0, 2), BRING('docker'));
  await assert.rejects(lines([rootless], there(isUnpacked(1)), here({ ...config, give: { stdout: '{}' } })), /holds no image of one layer/);
});

test('with nothing here to bring, nothing is brought', async () => {
  const none: Answer = { when: 'cat -- /srv/fleet/container-image', give: { exit: 1 } };
  assert.deepEqual(await lines([acme], there(), here(none)), []);
  assert.deepEqual(await lines([acme], there(), here({ when: `test -f /srv/fleet/container-images/${hex}.tar`, give: { exit: 1 } })), []);
});

test('what could not be looked at is no missing image, and a machine of another kind is given none', async () => {
  const silent = there({ when: 'docker image ls', give: { exit: 1, stderr: 'Cannot connect to the Docker daemon' } });
  const says =
    (code: string, part: RegExp) =>
    (error: unknown): boolean =>
      error instanceof BulkheadError && error.code === code && part.test(error.message) && error.hint !== '';
  await assert.rejects(lines([acme], silent), says('host', /^edge-2: could not ask docker .*Cannot connect/));
  await assert.rejects(lines([acme], there(pinned('bulkhead:latest\n'), has('docker'))), says('apply', /holds no digest/));
  await assert.rejects(
    lines([acme], there({ when: 'uname', give: { stdout: 'Linux aarch64\n' } })),
    says('apply', /^edge-2 is a machine of another kind \(Linux aarch64; this one is Linux x86_64\)/),
  );
  const elsewhere: Place = { ...there(), layout: { ...layout, install: { ...install, root: '/opt/other' } } };
  await assert.rejects(lines([acme], elsewhere), says('apply', /has OpenClaw in \/opt\/oc, where containers on edge-2 have it in \/opt\/other/));
});
