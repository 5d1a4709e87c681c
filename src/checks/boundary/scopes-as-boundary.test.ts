import { servedTogether, withConfig } from '../testing/clean-facts.ts';
import { cases } from '../testing/cases.ts';

cases('boundary.scopes-as-boundary', {
  ok: {
    'scopes for its own people': withConfig({ gateway: { auth: { identityScopes: { 'owner@acme.test': ['operator.read'] } } } }),
    'scopes for somebody of no boundary': withConfig({ gateway: { auth: { identityScopes: { 'ops@example.test': ['operator.read'] } } } }),
  },
  ng: {
    'one gateway with roles': servedTogether({ gateway: { roles: { definitions: { reader: {} } } } }),
    'a role called after another tenant': withConfig({ gateway: { roles: { definitions: { 'desk.globex': {} } } } }),
    'scopes for people of another boundary': withConfig({ gateway: { auth: { identityScopes: { 'Owner@globex.test': ['operator.read'] } } } }),
    'a proxy’s user of another boundary': withConfig({ gateway: { auth: { trustedProxy: { allowUsers: ['owner@globex.test'] } } } }),
  },
});
