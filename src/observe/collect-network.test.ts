import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleBlueprint, SAMPLE_LAYOUT } from '../../test/support/sample.ts';
import { known, unknown } from '../core/facts.ts';
import type { ApiClient } from '../core/fleet.ts';
import { apiClientsOf } from './collect-network.ts';
import type { Subject } from './subject.ts';

const CLIENT: ApiClient = {
  name: 'webui',
  kind: 'open-webui',
  key: { kind: 'file', path: '/k' },
  baseUrl: 'http://127.0.0.1:20000/v1',
  envFiles: ['/e'],
  keyWithUsers: false,
};

function clients(files: Parameters<typeof apiClientsOf>[1], apiClients: readonly ApiClient[] = [CLIENT]) {
  // Nothing but the blueprint is looked at.
  const subject = { blueprint: { ...sampleBlueprint('acme'), apiClients }, layout: SAMPLE_LAYOUT } as unknown as Subject;
  return apiClientsOf(subject, files);
}

const seen = {
  keyFiles: { '/k': { ok: true as const, value: 'digest-k' } },
  envFiles: { '/e': { ok: true as const, value: { keys: [{ name: 'OPENAI_API_KEY', digest: 'd' }], urls: [] } } },
};

test('what the manifest says of an API client is joined with what its own files say', () => {
  assert.deepEqual(clients(known(seen, 'test')), {
    known: true,
    source: 'manifest, files of API clients',
    value: [
      {
        name: 'webui',
        kind: 'open-webui',
        keyWithUsers: false,
        keys: [
          { location: 'file:/k', reference: 'file:/k', digest: 'digest-k' },
          { location: 'file:/e#OPENAI_API_KEY', digest: 'd' },
        ],
        urls: [{ location: 'tenants.acme.apiClients.webui.baseUrl', url: 'http://127.0.0.1:20000/v1' }],
      },
    ],
  });
});

test('one file that could not be read makes all of them unknown; a tenant without clients needs none', () => {
  const failed = { ok: false as const, why: 'ENOENT' };
  assert.deepEqual(clients(known({ ...seen, envFiles: { '/e': failed } }, 'test')), unknown('/e of webui: ENOENT'));
  assert.deepEqual(clients(known({ ...seen, envFiles: {} }, 'test')), unknown('/e of webui: it was not looked at'));
  assert.deepEqual(clients(known({ ...seen, keyFiles: { '/k': failed } }, 'test')), unknown('the key of webui: ENOENT'));
  assert.deepEqual(clients(unknown('the host is away')), unknown('the host is away'));
  assert.deepEqual(clients(unknown('the host is away'), []), known([], 'manifest'));
});
