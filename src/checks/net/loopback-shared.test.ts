import { known } from '../../core/facts.ts';
import { TENANTS, observedFacts } from '../testing/clean-facts.ts';
import { cases } from '../testing/cases.ts';

const inNamespace = (net: string) =>
  observedFacts(
    {},
    Object.fromEntries(
      TENANTS.map((name) => [
        name,
        ({ process }: { process: ReturnType<typeof observedFacts>['tenants'][number]['process'] }) => ({
          process:
            process.known && process.value !== null ? known({ ...process.value, namespaces: { ...process.value.namespaces, net } }, 'test') : process,
        }),
      ]),
    ),
  );

cases('net.loopback-shared', { ok: {}, ng: { 'one network namespace': inNamespace('2') } });
