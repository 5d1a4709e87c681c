import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { archivesOf, CONTAINER, debianCommand, imageConfig, layerCommand, SANDBOX, unpackCommands } from './image.ts';

const install = { root: '/opt/oc', node: '/opt/oc/bin/node', openclaw: '/opt/oc/openclaw.mjs', version: '2026.9.6' };
const TARGETS = `Debian bookworm main http://deb.example/debian
Elsewhere stable main http://apt.example/more
Debian bookworm-security main http://deb.example/debian-security
Debian bookworm contrib http://deb.example/debian
`;
const SETTINGS = `APT::Architecture "amd64";\nAcquire::http::Proxy "http://127.0.0.1:3128";\nAcquire::Check-Valid-Until "false";\n`;

test('the image is made of the distribution’s own main archives, fetched as apt here fetches', () => {
  const archives = archivesOf(TARGETS, SETTINGS);
  assert.deepEqual(archives, {
    suite: 'bookworm',
    sources: ['deb http://deb.example/debian bookworm main', 'deb http://deb.example/debian-security bookworm-security main'],
    settings: ['Acquire::http::Proxy "http://127.0.0.1:3128"', 'Acquire::Check-Valid-Until "false"'],
  });
  assert.equal(archivesOf('Elsewhere stable main http://apt.example/more\n', ''), undefined);
});

test('neither packages nor layer carry the time of the build', () => {
  const debian = debianCommand(CONTAINER, { suite: 'bookworm', sources: ['deb http://deb.example/debian bookworm main'], settings: [] }, '/b/root');
  assert.deepEqual(debian.argv.slice(0, 3), ['env', 'SOURCE_DATE_EPOCH=0', 'mmdebstrap']);
  assert.deepEqual(debian.argv.slice(-3), ['bookworm', '/b/root', 'deb http://deb.example/debian bookworm main']);
  const layer = layerCommand(CONTAINER.contents(install), '/b/root', '/b/layer.tar').argv;
  for (const word of ['--sort=name', '--mtime=@0', '--numeric-owner', '--exclude=./var/log/*', '--exclude=./etc/machine-id'])
    assert.ok(layer.includes(word), word);
  assert.deepEqual(layer.slice(-6), ['-C', '/b/root', '.', '-C', '/', './opt/oc']);
});

test('the id depends on the layer, the version and the machine, and on nothing else', () => {
  const id = (layer: string, architecture = 'amd64', version = install.version): string =>
    createHash('sha256')
      .update(imageConfig(CONTAINER, { ...install, version }, architecture, layer))
      .digest('hex');
  assert.equal(id('a'.repeat(64)), id('a'.repeat(64)));
  assert.equal(new Set([id('a'), id('b'), id('a', 'arm64'), id('a', 'amd64', '2026.9.7')]).size, 4);
});

test('the image of sandboxes has Node and nothing else of the install', () => {
  assert.deepEqual(SANDBOX.added(install, '/b/root')[0]?.argv, ['install', '-m', '0755', '--', '/opt/oc/bin/node', '/b/root/usr/local/bin/node']);
  assert.deepEqual(layerCommand(SANDBOX.contents(install), '/b/root', '/b/layer.tar').argv.slice(-3), ['-C', '/b/root', '.']);
  assert.match(imageConfig(SANDBOX, install, 'amd64', 'a'), /"User":"65534:65534","Cmd":\["sleep","infinity"\]/);
});

test('an unpacked image has no set-user-ID bit, and what root alone could make in it later', () => {
  const argv = unpackCommands('/b/layer.tar', '/r', ['/var/lib/b/tenants']).map((command) => command.argv.join(' '));
  assert.equal(argv[0], 'install -d -m 0755 -- /r /r/var/lib/b/tenants');
  assert.ok(argv.some((line) => line.startsWith('find /r -xdev -type f -perm /6000 -exec chmod ug-s')));
  assert.ok(argv.some((line) => line.startsWith('touch -- /r/etc/passwd')));
});
