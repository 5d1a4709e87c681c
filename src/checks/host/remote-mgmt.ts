/** A program that nobody named runs commands on the host for somebody elsewhere. */
import { defineCheck } from '../../core/check.ts';

export const check = defineCheck({
  id: 'host.remote-mgmt',
  title: 'A program that nobody named runs commands on the host for somebody elsewhere',
  why: 'Agents of clouds, monitoring, backup and CI are root: whoever steers them reads every tenant.',
  fix: 'Name it under hosts.<host>.admins (how: its name) with the people behind it, or remove it.',
  how: 'Names of running programs against a list of known agents, without those that an administrator of the manifest names. An agent under another name is not found.',
  source: 'src/observe/agents.ts (the list)',
  severity: { team: 'info', clients: 'warn', adversarial: 'high' },
  needs: ['host.machine'],
  phases: ['observed'],
  item: 'host-admins',
  *judge({ tenants, hosts }) {
    const here = Map.groupBy(tenants, ({ host }) => host);
    for (const { host, admins, machine } of hosts) {
      const named = admins.map(({ name, how }) => `${name} ${how}`.toLowerCase()).join('\n');
      const found = machine.known ? machine.value.managementAgents.filter((agent) => !named.includes(agent.toLowerCase())) : [];
      const [one, ...rest] = here.get(host)?.map(({ tenant }) => tenant) ?? [];
      if (one !== undefined && found.length > 0)
        yield { tenants: [one, ...rest], message: `${found.join(', ')} on ${host} is named by nobody`, evidence: found };
    }
  },
});
