import { known, type TenantFacts } from '../../core/facts.ts';
import type { CodeRoot } from '../../core/os-facts.ts';
import { cases } from '../testing/cases.ts';
import { observedFacts } from '../testing/clean-facts.ts';

const root =
  (change: Partial<CodeRoot> = {}) =>
  (): Partial<TenantFacts> => {
    const skills: CodeRoot = { kind: 'skills', from: 'config:skills.load.extraDirs[0]', declared: '/srv/skills', real: '/srv/skills', ...change };
    return { codeRoots: known([skills], 'test') };
  };

cases('skills.shared-dir', {
  ok: { 'one each': observedFacts({}, { acme: root(), globex: root({ real: '/srv/other' }) }) },
  ng: {
    'by path': observedFacts({}, { acme: root(), globex: root() }),
    'by inode': observedFacts({}, { acme: root({ identity: '1:9' }), globex: root({ real: '/srv/other', identity: '1:9' }) }),
  },
});
