import { known } from '../../core/facts.ts';
import { cases } from '../testing/cases.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { partly } from '../testing/clean-os-facts.ts';

cases('os.privileged-group', {
  ok: { 'a group that is nothing special': observedFacts({}, { acme: partly('account', { groups: [{ name: 'games', gid: 60 }] }) }) },
  ng: {
    docker: observedFacts({}, { acme: partly('account', { groups: [{ name: 'docker', gid: 105 }] }) }),
    'a rule of sudo': observedFacts({}, { acme: partly('account', { rootRules: ['/etc/sudoers.d/acme:1 without a password'] }) }),
    'the group of root in the running process': observedFacts(
      {},
      { acme: ({ process }) => (process.known && process.value !== null ? { process: known({ ...process.value, groups: [0] }, 'test') } : {}) },
    ),
  },
});
