import { cases } from '../testing/cases.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { withHost } from '../testing/clean-os-facts.ts';

const alice = withHost(observedFacts(), {
  accounts: {
    administrators: [
      { name: 'root', how: 'uid 0' },
      { name: 'alice', how: 'group sudo' },
    ],
  },
});
const alone = { ...alice, risks: [], tenants: alice.tenants.slice(0, 1) };
const member = { ...observedFacts({}, { acme: ({ boundary }) => ({ boundary: { ...boundary, members: ['Ops '] } }) }), risks: [] };

cases('host.admins', {
  ok: {
    'accepted by name': observedFacts(),
    'a tenant alone, its administrators named': {
      ...alone,
      hosts: alone.hosts.map((host) => ({ ...host, admins: [{ name: 'Alice', how: 'sudo', accounts: ['alice'] }] })),
    },
  },
  ng: {
    'two tenants, nothing accepted': observedFacts({ risks: [] }),
    'an account that belongs to nobody': alone,
    'a member of the tenant': { ...member, tenants: member.tenants.slice(0, 1) },
  },
});
