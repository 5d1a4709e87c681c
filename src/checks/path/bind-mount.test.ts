import { cases } from '../testing/cases.ts';
import { observedFacts, TENANTS, tenantFacts } from '../testing/clean-facts.ts';
import { inContainer } from '../testing/clean-os-facts.ts';

const paths = tenantFacts(TENANTS[1], 1).paths;
const state = paths.known ? (paths.value.find(({ role }) => role === 'state')?.real ?? '') : '';
const mounting = (source: string) => observedFacts({}, { acme: inContainer({ mounts: [{ source, target: '/mnt', writable: false }] }) });

cases('path.bind-mount', {
  ok: { 'a mount of nobody’s': mounting('/srv/elsewhere'), 'a volume of the engine': mounting('pgdata') },
  ng: {
    'the state of another': mounting(state),
    'a directory in the state of another': mounting(`${state}/agents`),
    'the directory in which all tenants lie': mounting(state.slice(0, state.indexOf('/', 1))),
  },
});
