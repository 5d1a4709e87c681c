import { known, type TenantFacts } from '../../core/facts.ts';
import { cases } from '../testing/cases.ts';
import { observedFacts } from '../testing/clean-facts.ts';

const to = (recipient?: string) => (): Partial<TenantFacts> => ({
  backup: known({ to: '/b', ...(recipient === undefined ? {} : { recipient }) }, 'test'),
});

cases('backup.key-shared', {
  ok: { 'a key each': observedFacts({}, { acme: to('age1a'), globex: to('age1b') }), 'no key': observedFacts({}, { acme: to(), globex: to() }) },
  ng: {
    age: observedFacts({}, { acme: to('age1a'), globex: to('AGE1A') }),
    'ssh with another comment': observedFacts({}, { acme: to('ssh-ed25519 AAAA one'), globex: to('ssh-ed25519 AAAA two') }),
  },
});
