/** Two gateways accept one token. */
import { defineCheck } from '../../core/check.ts';
import { sharing } from '../join.ts';
import { sharedSecrets } from '../secrets.ts';

export const check = defineCheck({
  id: 'token.gateway-shared',
  title: 'Two gateways accept one token',
  why: 'Whoever holds it is operator of both.',
  fix: 'Delete the token file of one tenant and run: bulkhead apply, which makes a new one.',
  how: 'Digests of all that authenticates to a gateway are compared: token, password, those for a remote one, and the variables that override them.',
  source: 'openclaw 2026.9.6 docs/gateway/security/network-exposure.md, docs/help/environment.md (Gateway and authentication)',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['secrets'],
  phases: ['desired', 'observed'],
  item: 'gateway-token',
  *judge(facts) {
    for (const group of sharedSecrets(facts, (role) => role === 'gateway-token')) yield sharing(group, 'one gateway token');
  },
});
