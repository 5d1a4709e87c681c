import assert from 'node:assert/strict';
import { test } from 'node:test';
import { channelPlugins, missingPlugins, pluginCommands } from './plugins.ts';

const [irc] = channelPlugins([{ kind: 'telegram' }, { kind: 'irc' }, { kind: 'irc' }], '/i');

test('a plugin is staged, checked against its lock file without running a script, and then put in its place', () => {
  assert.ok(irc !== undefined);
  const commands = pluginCommands({ plugin: irc, packageJson: 'P', packageLock: 'L', npm: ['npm'] });
  assert.deepEqual(
    commands.map(({ argv, stdin }) => [...argv, ...(stdin === undefined ? [] : [`< ${stdin}`])].join(' ')),
    [
      'rm -rf /i/plugin-irc.new',
      'mkdir /i/plugin-irc.new',
      'dd of=/i/plugin-irc.new/package.json < P',
      'dd of=/i/plugin-irc.new/package-lock.json < L',
      'npm ci --ignore-scripts --install-strategy=nested --omit=dev --omit=peer --no-audit --no-fund --prefix /i/plugin-irc.new',
      'chmod -R u+rwX,go+rX,go-w /i/plugin-irc.new',
      'rm -rf /i/node_modules/openclaw/dist/extensions/irc',
      'mv /i/plugin-irc.new/node_modules/@openclaw/irc /i/node_modules/openclaw/dist/extensions/irc',
      'rm -rf /i/plugin-irc.new',
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
