import type { Facts } from '../../core/facts.ts';
import { cases } from '../testing/cases.ts';
import { observedFacts, wholeHost } from '../testing/clean-facts.ts';
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

/** globex on a machine of its own, with these administrators. */
const elsewhere = (facts: Facts, name: string): Facts => ({
  ...facts,
  risks: [],
  hosts: [...facts.hosts, { ...wholeHost(), host: 'edge-1', admins: [{ name, how: 'sudo' }] }],
  tenants: facts.tenants.map((tenant) => (tenant.tenant === 'globex' ? { ...tenant, host: 'edge-1' } : tenant)),
});

cases('host.admins', {
  ok: {
    'accepted by name': observedFacts(),
    'machines and administrators of their own': elsewhere(observedFacts(), 'Olga'),
    'a tenant alone, its administrators named': {
      ...alone,
      hosts: alone.hosts.map((host) => ({ ...host, admins: [{ name: 'Alice', how: 'sudo', accounts: ['alice'] }] })),
    },
  },
  ng: {
    'two tenants, nothing accepted': observedFacts({ risks: [] }),
    'an account that belongs to nobody': alone,
    'one person for both machines': elsewhere(observedFacts(), 'OPS'),
    'a member of one administers the machine of the other': elsewhere(
      observedFacts({}, { acme: ({ boundary }) => ({ boundary: { ...boundary, members: ['Olga'] } }) }),
      'olga ',
    ),
    'a member of the tenant': { ...member, tenants: member.tenants.slice(0, 1) },
  },
});
