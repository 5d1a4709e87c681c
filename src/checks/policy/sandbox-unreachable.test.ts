import type { Facts } from '../../core/facts.ts';
import { cases } from '../testing/cases.ts';
import { withConfig } from '../testing/clean-facts.ts';
import { partly } from '../testing/clean-os-facts.ts';

const sandboxed = (sandbox: object): Facts => withConfig({ agents: { defaults: { sandbox } } });
const reaching = (path: string, facts: Facts): Facts => ({
  ...facts,
  tenants: facts.tenants.map((tenant) => ({ ...tenant, ...partly('surroundings', { engineSockets: [path] })(tenant) })),
});

const within = (facts: Facts): Facts => ({
  ...facts,
  tenants: facts.tenants.map((tenant) => ({ ...tenant, ...partly('surroundings', { ownEngines: ['/run/engine/docker.sock'] })(tenant) })),
});
cases('policy.sandbox-unreachable', {
  ok: {
    off: sandboxed({ mode: 'off' }),
    'an engine in reach': reaching('/run/docker.sock', sandboxed({ mode: 'all' })),
    'an engine of its own': within(sandboxed({ mode: 'all' })),
    'another backend': sandboxed({ mode: 'all', backend: 'ssh' }),
  },
  ng: {
    'no engine': sandboxed({ mode: 'all' }),
    'only another engine': reaching('/run/crio/crio.sock', sandboxed({ mode: 'non-main' })),
    'an agent of its own': withConfig({ agents: { entries: { ops: { sandbox: { mode: 'all' } } } } }),
  },
});
