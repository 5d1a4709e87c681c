import { cases } from '../testing/cases.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { withHost } from '../testing/clean-os-facts.ts';

const facts = withHost(observedFacts(), { machine: { managementAgents: ['amazon-ssm-agent'] } });
// host-admins is an accepted risk of the clean tenants; an agent is filed there too.
const unaccepted = { ...facts, risks: [] };

cases('host.remote-mgmt', {
  ok: {
    'an agent that an administrator names': {
      ...unaccepted,
      hosts: unaccepted.hosts.map((host) => ({ ...host, admins: [{ name: 'cloud team', how: 'Amazon-SSM-Agent' }] })),
    },
    'accepted with the administrators': facts,
  },
  ng: { 'an agent that nobody names': unaccepted },
});
