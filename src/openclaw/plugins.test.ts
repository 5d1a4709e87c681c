import assert from 'node:assert/strict';
import { test } from 'node:test';
import { channelPlugins, missingPlugins, pluginCommands } from './plugins.ts';
import { readSettings } from './settings/index.ts';

const [irc] = channelPlugins([{ kind: 'telegram' }, { kind: 'irc' }, { kind: 'irc' }], '/i');

test('a plugin is staged, checked against its lock file without running a script, and then put in its place', () => {
  assert.ok(irc !== undefined);
  const { root, version } = irc;
  assert.equal(root, `/i/plugins/irc-${version}`);
  const commands = pluginCommands({ plugin: irc, packageJson: 'P', packageLock: 'L', npm: ['npm'] });
  assert.deepEqual(
    commands.map(({ argv, stdin }) => [...argv, ...(stdin === undefined ? [] : [`< ${stdin}`])].join(' ')),
    [
      `rm -rf ${root}.new`,
      'mkdir -p -m 0755 /i/plugins',
      `mkdir -p ${root}.new`,
      `dd of=${root}.new/package.json < P`,
      `dd of=${root}.new/package-lock.json < L`,
      `npm ci --ignore-scripts --omit=dev --omit=peer --no-audit --no-fund --prefix ${root}.new`,
      `chmod -R u+rwX,go+rX,go-w ${root}.new`,
      `rm -rf ${root}`,
      `mv ${root}.new ${root}`,
    ],
  );
});

test('each is needed once, and missing unless it is there at its version', () => {
  const plugins = channelPlugins([{ kind: 'telegram' }, { kind: 'irc' }, { kind: 'slack' }, { kind: 'irc' }], '/i');
  assert.deepEqual(
    plugins.map(({ channel }) => channel),
    ['irc', 'slack'],
  );
  const [first] = plugins;
  assert.ok(first !== undefined);
  const missing = (versions: Readonly<Record<string, string>>) => missingPlugins(plugins, { versions }).map(({ channel }) => channel);
  assert.deepEqual(missing({}), ['irc', 'slack']);
  assert.deepEqual(missing({ [first.path]: first.version }), ['slack']);
  assert.deepEqual(missing({ [first.path]: '2026.1.1' }), ['irc', 'slack']);
});

test('what lies in the install is no plugin from outside; what only seems to lie there is', () => {
  const paths = ['/i/plugins/irc-1/node_modules/@openclaw/irc', '/i/../srv/evil', '/install/x', '/srv/own'];
  const { tools, codeRoots } = readSettings({
    config: { plugins: { load: { paths }, entries: { irc: {}, other: {} } } },
    environment: {},
    install: '/i',
  });
  assert.deepEqual(tools.pluginSources, [...paths.slice(1), 'plugin other']);
  assert.deepEqual(
    codeRoots.map(({ value }) => value),
    paths.slice(1),
  );
  assert.equal(readSettings({ config: { plugins: { load: { paths } } }, environment: {} }).tools.pluginSources.length, 4);
});
