import { withConfigs } from '../testing/network-facts.ts';
import { cases } from '../testing/cases.ts';

const users = (...allowUsers: readonly string[]) => ({ gateway: { auth: { mode: 'trusted-proxy', trustedProxy: { allowUsers } } } });

cases('proxy.allow-users-overlap', {
  ok: {
    'nobody twice': withConfigs({ acme: users('a@acme.example'), globex: users('b@globex.example') }),
    'lists that are not used': withConfigs({
      acme: { gateway: { auth: { trustedProxy: { allowUsers: ['a@x.example'] } } } },
      globex: users('a@x.example'),
    }),
  },
  ng: {
    'an empty list': withConfigs({ acme: users() }),
    'one user in both': withConfigs({ acme: users('Ops@hexaworks.example'), globex: users('ops@hexaworks.example ') }),
  },
});
