import { known, type TenantFacts } from '../../core/facts.ts';
import type { CodeRoot } from '../../core/os-facts.ts';
import { cases } from '../testing/cases.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { partly } from '../testing/clean-os-facts.ts';

const root =
  (change: Partial<CodeRoot> = {}) =>
  (): Partial<TenantFacts> => {
    const cache: CodeRoot = { kind: 'cache', from: 'env:npm_config_cache', declared: '/srv/npm', real: '/srv/npm', identity: '1:9', ...change };
    return { codeRoots: known([cache], 'test') };
  };
const both = (change: Partial<CodeRoot>) => observedFacts({}, { acme: root(change), globex: root(change) });

cases('plugin.cache-shared', {
  ok: {
    'one that only root writes': both({ uid: 0, gid: 0, mode: 0o755 }),
    'a group that neither is in': both({ uid: 0, gid: 5, mode: 0o775 }),
    'skills are another check’s': both({ kind: 'skills' }),
  },
  ng: {
    'by path': both({}),
    'by inode through a link': observedFacts({}, { acme: root({ real: '/srv/one' }), globex: root({ real: '/srv/two' }) }),
    'open to everybody': both({ uid: 0, gid: 0, mode: 0o777 }),
    'open to a group of both': observedFacts(
      {},
      {
        acme: (tenant) => ({ ...root({ uid: 0, gid: 50, mode: 0o775 })(), ...partly('account', { groups: [{ name: 'staff', gid: 50 }] })(tenant) }),
        globex: (tenant) => ({ ...root({ uid: 0, gid: 50, mode: 0o775 })(), ...partly('account', { groups: [{ name: 'staff', gid: 50 }] })(tenant) }),
      },
    ),
  },
});
