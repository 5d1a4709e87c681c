import { known, type TenantFacts } from '../../core/facts.ts';
import type { LoginKey } from '../../core/os-facts.ts';
import { cases } from '../testing/cases.ts';
import { observedFacts, wholeHost } from '../testing/clean-facts.ts';
import { withHost } from '../testing/clean-os-facts.ts';

const key = (kind: LoginKey['kind'], fingerprint = 'SHA256:one', location = '/t/.ssh/x:1'): (() => Partial<TenantFacts>) => {
  return () => ({ loginKeys: known([{ kind, fingerprint, location }], 'test') });
};

cases('os.login-shell-sharing', {
  ok: { 'a key each': observedFacts({}, { acme: key('accepts'), globex: key('accepts', 'SHA256:two') }) },
  ng: {
    'both let one key in': observedFacts({}, { acme: key('accepts'), globex: key('accepts', 'SHA256:one', '/u/.ssh/y:9') }),
    'both hold one key': observedFacts({}, { acme: key('holds'), globex: key('holds') }),
    'one lets in what the other holds': observedFacts({}, { acme: key('accepts'), globex: key('holds') }),
    'root lets in what one holds': withHost(observedFacts({}, { acme: key('holds') }), {
      accounts: { rootKeys: [{ kind: 'accepts', fingerprint: 'SHA256:one', location: '/root/.ssh/authorized_keys:1' }] },
    }),
    'root of another machine lets in what one holds': {
      ...withHost(observedFacts({}, { acme: key('holds') }), {}),
      hosts: [
        wholeHost(),
        {
          ...wholeHost(),
          host: 'edge-1',
          accounts: known(
            {
              administrators: [],
              rootKeys: [{ kind: 'accepts', fingerprint: 'SHA256:one', location: '/root/.ssh/authorized_keys:1' }],
              commonLogin: [],
            },
            'test',
          ),
        },
      ],
    },
    'one file for all accounts': withHost(observedFacts(), { accounts: { commonLogin: ['AuthorizedKeysFile /etc/ssh/keys'] } }),
  },
});
