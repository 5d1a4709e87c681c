import { cases } from '../testing/cases.ts';
import { onTwoMachines } from '../testing/two-machines.ts';

const adversaries = onTwoMachines({}, { trust: { default: 'adversarial', relations: [] } });
const here = { ...adversaries, tenants: adversaries.tenants.map((tenant) => (tenant.tenant === 'acme' ? { ...tenant, host: 'local' } : tenant)) };

cases('host.control-machine', {
  ok: { 'machines that are reached over SSH': adversaries, 'a fleet of one machine, this one': { ...here, tenants: here.tenants.slice(0, 1) } },
  ng: { 'alone on the machine from which the other one is administered': here },
});
