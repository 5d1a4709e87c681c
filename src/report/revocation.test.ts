import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tenantFacts } from '../checks/testing/clean-facts.ts';
import { known, unknown, type TenantFacts } from '../core/facts.ts';
import { isEnded, revocationText } from './revocation-text.ts';
import { revocationOf } from './revocation.ts';

const none: Partial<TenantFacts> = { identities: known([], 't'), secrets: known([], 't'), logins: known([], 't') };
const facts = (more: Partial<TenantFacts>): TenantFacts => ({ ...tenantFacts('acme', 1), ...none, ...more });
const bot = (location: string) => ({ channel: 'telegram', account: '700000001', location, reference: '' });
const nothing = { devices: [], nodes: [], waiting: [], sessions: [] };

test('an account that the manifest and the tree both know is told once; a login only the tree knows; copies that Bulkhead made are none of their own', () => {
  const declared = facts({ identities: known([bot('env:T')], 't'), secrets: known([{ role: 'model:anthropic', location: 'env:K' }], 't') });
  const observed = facts({
    identities: known([bot('file:/s/acme/channel-telegram')], 't'),
    secrets: known([{ role: 'model:anthropic', location: 'file:/s/acme/model-anthropic' }], 't'),
    logins: known([{ provider: 'openai', account: 'a@example.test', location: 'file:/x' }], 't'),
  });
  const { atProviders } = revocationOf({ declared, observed, ownFiles: new Set(['file:/s/acme/model-anthropic']), clients: [] });
  assert.deepEqual(
    atProviders.map(({ provider, account }) => [provider, account]),
    [
      ['telegram', '700000001'],
      ['anthropic', undefined],
      ['openai', 'a@example.test'],
    ],
  );
  assert.match(atProviders[1]?.page ?? '', /console\.anthropic\.com/);
});

test('a credential that does not tell its account is not hidden by one that does, unless both lie in one place', () => {
  const untold = (location: string) => ({ channel: 'telegram', location, reference: '' });
  const identities = known([bot('env:A'), untold('env:A'), untold('env:B'), untold('file:/s/acme/channel-telegram')], 't');
  const page = revocationOf({
    declared: facts({ identities }),
    observed: facts({}),
    ownFiles: new Set(['file:/s/acme/channel-telegram']),
    clients: [],
  });
  assert.deepEqual(
    page.atProviders.map(({ location }) => location),
    ['env:A', 'env:B'],
  );
});

test('what could not be looked for is said', () => {
  const observed = facts({ identities: unknown('no look'), logins: unknown('no store') });
  const page = revocationOf({ declared: facts({}), observed, ownFiles: new Set(), clients: [] });
  assert.deepEqual(page.unseen, ['channel accounts: no look', 'logins: no store']);
  assert.match(revocationText(page, { ended: false }), /not looked at: channel accounts: no look/);
});

test('a device that is left, a session that is not a main one, a refusal: not ended', () => {
  assert.ok(isEnded({ found: nothing, left: { ...nothing, sessions: ['agent:main:main'] }, refused: [] }));
  const left = [
    { ...nothing, devices: [{ id: 'd', name: '' }] },
    { ...nothing, nodes: [{ id: 'n', name: '' }] },
    { ...nothing, sessions: ['agent:main:x'] },
  ];
  for (const one of left) assert.ok(!isEnded({ found: nothing, left: one, refused: [] }));
  assert.ok(!isEnded({ found: nothing, left: nothing, refused: ['no'] }));
  assert.ok(!isEnded({ found: nothing, refused: [] }));
});

test('a name that a tenant chose cannot write to the terminal', () => {
  const page = revocationOf({ declared: facts({}), observed: facts({}), ownFiles: new Set(), clients: [] });
  const found = { ...nothing, devices: [{ id: 'd', name: '\u001b]0;x' }] };
  assert.doesNotMatch(revocationText({ ...page, gateway: { found, refused: [] } }, { ended: false }), /\u001b/);
});
