import { known, type TenantFacts } from '../../core/facts.ts';
import type { Runtime } from '../../core/words.ts';
import { cases } from '../testing/cases.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { inContainer } from '../testing/clean-os-facts.ts';

const kernel = { release: '4.4.0', log: '[    0.000000] Starting gVisor...', sandbox: 'sandbox 1', files: 7, hidepid: '0', tmp: '', shm: '' };

/** A container of `runtime`, declared as `declared`, whose kernel's log begins with `log`; without one the host's kernel runs it. */
function of(declared: Runtime | undefined, runtime: string, log?: string): (tenant: TenantFacts) => Partial<TenantFacts> {
  return (tenant) => {
    if (!tenant.process.known || tenant.process.value === null) throw new Error('the clean tenants run');
    return {
      ...inContainer({ runtime })(tenant),
      declared: { ...tenant.declared, ...(declared === undefined ? {} : { runtime: declared }) },
      process: known({ ...tenant.process.value, ...(log === undefined ? {} : { kernel: { ...kernel, log } }) }, 'test'),
    };
  };
}

cases('container.runtime-effective', {
  ok: {
    'gVisor that is declared and says so inside': observedFacts({}, { acme: of('runsc', 'runsc', kernel.log) }),
    'gVisor that nobody declared': observedFacts({}, { acme: of(undefined, 'runsc', kernel.log) }),
    'the usual runtime': observedFacts({}, { acme: inContainer({ runtime: 'runc' }) }),
    'an engine that names none': observedFacts({}, { acme: inContainer({}) }),
  },
  ng: {
    'gVisor that is declared, and runc': observedFacts({}, { acme: of('runsc', 'runc') }),
    'gVisor that is declared, and no container': observedFacts({}, { acme: (tenant) => ({ declared: { ...tenant.declared, runtime: 'runsc' } }) }),
    'a runtime of that name that starts runc': observedFacts({}, { acme: of('runsc', 'runsc') }),
    'a kernel that does not call itself gVisor': observedFacts({}, { acme: of('runsc', 'runsc', '[    0.000000] Linux version 6.1') }),
    'gVisor by name': observedFacts({}, { acme: inContainer({ runtime: 'runsc' }) }),
    'Kata by its name in containerd': observedFacts({}, { acme: inContainer({ runtime: 'io.containerd.kata.v2' }) }),
    'one of two': observedFacts(
      {},
      { acme: inContainer({ runtime: 'runsc' }), globex: (tenant) => ({ ...inContainer({})(tenant), process: known(null, 'test') }) },
    ),
  },
});
