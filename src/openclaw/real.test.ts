/** What this folder knows, asked of a real gateway: one at a time, each with a scripted model as its outside world. */
import assert from 'node:assert/strict';
import { lstatSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { TOKEN, uid, withGateway } from '../../test/support/real-gateway.ts';
import { requires, testInstall } from '../../test/support/requires.ts';
import { parseAudit } from './audit.ts';
import { health, hello, takeTurn } from './gateway-client.ts';
import { configIssues, openclaw, securityAudit, validateConfig } from './programs.ts';

// What each preset gives, tool by tool: test/e2e/policy.test.ts.
test('a real gateway keeps to its config', { skip: requires({ openclaw: true }), timeout: 240_000 }, async (context) => {
  const install = testInstall();
  await withGateway(install, 'operator', async (gateway) => {
    await context.test('its config is valid to OpenClaw', async () => {
      assert.deepEqual(configIssues(await gateway.run(validateConfig(install))), []);
    });
    await context.test('it lives, and says over its WebSocket whose it is', async () => {
      const lives = await health(gateway.port);
      assert.ok(lives.ok);
      const answer = await hello({ port: gateway.port, token: TOKEN });
      assert.ok(answer.ok, JSON.stringify(answer));
      const { version, configPath, stateDir, authMode } = answer.value.claim;
      assert.deepEqual(
        { version, configPath, stateDir, authMode },
        { version: install.version, configPath: gateway.paths.configFile, stateDir: gateway.paths.state, authMode: 'token' },
      );
      const again = await hello({ port: gateway.port, token: TOKEN });
      assert.ok(again.ok && again.value.statusDigest === answer.value.statusDigest);
    });
    await context.test('another token is refused', async () => {
      const answer = await hello({ port: gateway.port, token: '00'.repeat(32) });
      assert.ok(!answer.ok && answer.code === 'AUTH_TOKEN_MISMATCH', JSON.stringify(answer));
      const turn = await takeTurn({ port: gateway.port, token: '00'.repeat(32), message: 'hi' });
      assert.ok(!turn.ok && turn.code === 'HTTP 401', JSON.stringify(turn));
    });
    await context.test('its agent takes a turn, with the model key from its secret file', async () => {
      assert.equal(await gateway.ask('good morning'), 'HEARD good morning');
      assert.equal(gateway.model.requests.at(-1)?.authorization, 'Bearer key-of-the-model');
    });
    await context.test('its agent runs commands without asking', async () => {
      const said = await gateway.ask('TOOL exec {"command":"echo CANARY-$((40+2)); id -u"} ENDTOOL');
      assert.match(said, new RegExp(`CANARY-42\\s+${uid}`));
    });
    await context.test('its agent reads its workspace and nothing else', async () => {
      assert.match(await gateway.ask('TOOL read {"path":"note.txt"} ENDTOOL'), /CANARY-OF-OWN/);
      assert.match(await gateway.ask('TOOL read {"path":"/etc/hostname"} ENDTOOL'), /escapes sandbox root/);
      assert.match(await gateway.ask(`TOOL read {"path":"${gateway.paths.secretsDir}/gateway-token"} ENDTOOL`), /escapes sandbox root/);
    });
    await context.test('its bot has its token from a file, and nowhere else', async () => {
      const said = await gateway.run(openclaw(install, ['channels', 'status', '--json']));
      assert.match(said, /"tokenSource": ?"tokenFile"/);
      assert.ok(!said.includes('AAnot-a-bot'));
    });
    await context.test('OpenClaw\u2019s own audit finds nothing critical', async () => {
      const audit = parseAudit(await gateway.run(securityAudit(install)));
      assert.ok(typeof audit !== 'string', String(audit));
      assert.equal(audit.summary.critical, 0, JSON.stringify(audit.findings));
    });
    await context.test('it ran with a config that it could not write', () => {
      assert.equal(lstatSync(gateway.paths.configFile).mode & 0o777, 0o400);
      JSON.parse(readFileSync(gateway.paths.configFile, 'utf8'));
    });
  });
});
