import { known } from '../../core/facts.ts';
import { cases } from '../testing/cases.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { inContainer } from '../testing/clean-os-facts.ts';

cases('container.privileged', {
  ok: { confined: observedFacts({}, { acme: inContainer({}) }) },
  ng: {
    privileged: observedFacts({}, { acme: inContainer({ privileged: true }) }),
    'a capability': observedFacts({}, { acme: inContainer({ capAdd: ['CAP_SYS_PTRACE'] }) }),
    'set-user-ID programs': observedFacts({}, { acme: inContainer({ mayGainPrivileges: true }) }),
    'processes of the host': observedFacts({}, { acme: inContainer({ hostNamespaces: ['pid'] }) }),
    'memory of the host, though the engine does not say so': observedFacts(
      {},
      {
        acme: (tenant) => {
          const { process } = tenant;
          const shared =
            process.known && process.value !== null
              ? known({ ...process.value, namespaces: { ...process.value.namespaces, ipc: '4' } }, 'test')
              : process;
          return { ...inContainer({})(tenant), process: shared };
        },
      },
    ),
    'no seccomp': observedFacts({}, { acme: inContainer({ unconfined: ['seccomp'] }) }),
  },
});
