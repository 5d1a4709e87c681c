import assert from 'node:assert/strict';
import { test } from 'node:test';
import { policyDiffText, policyWords, withoutSecrets, type ComparedPolicy } from './policy-text.ts';

const policy = { preset: 'team', allow: [], alsoAllow: ['tts'], deny: ['exec'] } as const;
const plain = { color: false, width: 80 };

test('a policy is named with what a tenant changed of it, and team as what it is', () => {
  assert.equal(policyWords(policy), 'team (personas, not tenants) +tts -exec');
  assert.equal(policyWords({ preset: 'support', allow: ['read', 'message'], alsoAllow: [], deny: [] }), 'support only read message');
});

test('a difference shows both sides, and no secret', () => {
  const secret = { masked: 'ab'.repeat(32), strength: 'strong' };
  const compared: ComparedPolicy[] = [
    {
      tenant: 'acme',
      policy,
      read: true,
      differences: [
        { key: 'tools.deny', declared: ['gateway'], live: [] },
        { key: 'channels.telegram.botToken', live: secret },
        { key: 'tools.exec.security', declared: 'full' },
      ],
    },
    { tenant: 'globex', policy, read: true, differences: [] },
    { tenant: 'zed', policy, read: false, why: 'it is not built' },
  ];
  assert.equal(
    policyDiffText(compared, plain),
    [
      'acme  team (personas, not tenants) +tts -exec',
      '  tools.deny',
      '    -  declared  ["gateway"]',
      '    +  live      []',
      '  channels.telegram.botToken',
      '    -  declared  (not set)',
      '    +  live      "(secret)"',
      '  tools.exec.security',
      '    -  declared  "full"',
      '    +  live      (not set)',
      'globex  team (personas, not tenants) +tts -exec',
      '  ✓ the live config is what was declared and rendered',
      'zed  team (personas, not tenants) +tts -exec',
      '  ? could not be read: it is not built',
      '',
    ].join('\n'),
  );
});

test('what a tenant wrote cannot steer a terminal, and secrets in lists are hidden too', () => {
  const text = policyDiffText(
    [{ tenant: 'acme', policy, read: true, differences: [{ key: 'env.vars.\u001b[31m', live: 'x\u001b]0;owned\u0007' }] }],
    plain,
  );
  assert.ok(!text.includes('\u001b'));
  assert.deepEqual(withoutSecrets({ list: [{ masked: 'ab', strength: 'weak' }], plain: 'x' }), { list: ['(secret)'], plain: 'x' });
});
