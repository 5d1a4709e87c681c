import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { BulkheadError } from '../core/error.ts';
import { evidenceCommands, keepEvidence, withoutSecrets } from './evidence.ts';

const input = {
  directory: '/s/evidence/acme/t',
  tenant: 'acme',
  host: 'local',
  by: 'root',
  takenAt: '2026-11-28T00:00:00.000Z',
  node: '/n',
  items: { 'log.txt': { ok: true, text: 'said planted-token-1 twice planted-token-1' }, 'config.json': { ok: false, why: 'no tree' } },
  secrets: ['planted-token-1'],
} as const;

test('a secret that was delivered stands in no evidence, nor as JSON writes it', () => {
  assert.equal(withoutSecrets('a planted"token b', ['planted"token']), 'a [secret] b');
  assert.equal(withoutSecrets(JSON.stringify({ a: 'planted"token' }), ['planted"token']), '{"a":"[secret]"}');
  assert.ok(!JSON.stringify(evidenceCommands(input)).includes('planted-token-1'));
});

test('the directory is closed before a file is in it, and the index names what was kept and what was not', () => {
  const [made, put] = evidenceCommands(input);
  assert.deepEqual(made?.argv, ['mkdir', '-p', '-m', '0700', '--', '/s/evidence', '/s/evidence/acme', input.directory]);
  const sha256 = createHash('sha256').update('said [secret] twice [secret]').digest('hex');
  assert.ok(put?.stdin?.includes(sha256));
  assert.ok(put?.stdin?.includes('no tree'));
  assert.equal(put?.redact, true);
});

test('what cannot be written keeps nobody from closing the tenant; an interruption and a bug do', async () => {
  const never = new AbortController().signal;
  const full = async (): Promise<void> => Promise.reject(new BulkheadError('apply', 'no space left', 'x'));
  assert.deepEqual(await keepEvidence(input, full, never), [{ item: 'everything', why: 'no space left' }]);
  assert.deepEqual(await keepEvidence(input, async () => {}, never), []);
  await assert.rejects(keepEvidence(input, full, AbortSignal.abort()));
  await assert.rejects(
    keepEvidence(input, async () => Promise.reject(new Error('a bug')), never),
    /a bug/,
  );
});
