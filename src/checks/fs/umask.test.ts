import { known, type TenantFacts } from '../../core/facts.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { cases } from '../testing/cases.ts';

const umask =
  (text: string | undefined): ((tenant: TenantFacts) => Partial<TenantFacts>) =>
  ({ process }) => {
    if (!process.known || process.value === null) return {};
    const { umask: _, ...rest } = process.value;
    return { process: known(text === undefined ? rest : { ...rest, umask: text }, 'test') };
  };

cases('fs.umask', {
  ok: {
    '0077': observedFacts({}, { acme: umask('0077') }),
    'none told': observedFacts({}, { acme: umask(undefined) }),
  },
  ng: {
    '0027': observedFacts({}, { acme: umask('0027') }),
    '0000': observedFacts({}, { acme: umask('0000') }),
  },
});
