/** docs/incident.md shows what the commands print: made anew from what they said of two real tenants, paths and pids aside. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { routes } from '../cli/routes.ts';
import { quarantineText, releaseText } from './quarantine-text.ts';
import { revocationText } from './revocation-text.ts';
import { rotationText } from './rotation-text.ts';
import { revokePage, keyPage } from '../openclaw/revoke-pages.ts';

const PAGE = readFileSync(new URL('../../docs/incident.md', import.meta.url), 'utf8');
const SINCE = '2026-11-28T22:24:40.480Z';
const EVIDENCE = '/var/lib/bulkhead/evidence/acme/2026-11-28T22-24-40.480Z';
const AT_PROVIDER = 'that the old value is dead only its provider can show: bulkhead revoke acme says where';
const globex = { tenant: 'globex', pid: 41_213, changed: [] };
const rotation = { tenant: 'acme', dryRun: false, would: [], stale: [], others: [globex] };

const PRINTED: Readonly<Record<string, string>> = {
  'bulkhead quarantine acme': quarantineText({
    tenant: 'acme',
    evidence: EVIDENCE,
    notSecured: [],
    proof: [
      'its gateway runs no channel',
      'a session of its agent is given no tool',
      'the new token is let in (HTTP 200), the old one is not (HTTP 401, asked once)',
    ],
    open: [],
    holders: ['acme-desk'],
  }),
  'bulkhead rotate acme gateway-token': rotationText({
    ...rotation,
    rotated: [
      {
        role: 'gateway-token',
        how: 'reload',
        gapMs: 126.7,
        proof: [
          'the new token is let in (HTTP 200), the old one is not (HTTP 401, asked once)',
          'a connection made with the old one was ended by the gateway: gateway auth changed',
        ],
        open: [],
      },
    ],
    holders: [{ name: 'acme-desk', kind: 'open-webui', files: [], withUsers: false }],
  }),
  'bulkhead revoke acme': revocationText(
    {
      tenant: 'acme',
      atProviders: [
        { provider: 'telegram', account: '700000001', location: 'file:/etc/bulkhead/acme/bot', page: revokePage('telegram') },
        { provider: 'anthropic', location: 'file:/etc/bulkhead/acme/key', page: keyPage('anthropic') },
      ],
      clients: [{ name: 'acme-desk', kind: 'open-webui', withUsers: false }],
      unseen: [],
      gateway: {
        found: {
          devices: [{ id: '07b353f8ad777dbbb9756f353a3c7782b07943a012efd999578537ee20569c69', name: 'desk of acme' }],
          nodes: [],
          waiting: [],
          sessions: ['agent:main:openai:64ad4aa5-2cfc-4b6c-aafe-14504945b6ce'],
        },
        refused: [],
      },
    },
    { ended: false },
  ),
  'bulkhead rotate acme model anthropic': rotationText({
    ...rotation,
    rotated: [
      {
        role: 'model:anthropic',
        how: 'reload',
        gapMs: 0,
        proof: ['the gateway read all its secret files again after the new value was put there, and gave no warning'],
        open: [AT_PROVIDER],
      },
    ],
    holders: [],
  }),
  'bulkhead release acme': releaseText({ tenant: 'acme', since: SINCE, evidence: EVIDENCE, channels: ['telegram'], holders: ['acme-desk'] }),
};

test('the incident page shows what each command prints', () => {
  for (const [command, printed] of Object.entries(PRINTED))
    assert.ok(PAGE.includes(`\`\`\`console\n$ ${command}\n${printed}\`\`\`\n`), `$ ${command}\n${printed}`);
});

test('every command of the incident page is one', () => {
  const named = [...PAGE.matchAll(/bulkhead ([a-z]+) /g)].map(([, name = '']) => name);
  assert.ok(named.length > 10);
  for (const name of named) assert.ok(Object.hasOwn(routes, name), name);
});
