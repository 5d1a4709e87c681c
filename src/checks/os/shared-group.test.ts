import { known } from '../../core/facts.ts';
import { cases } from '../testing/cases.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { partly } from '../testing/clean-os-facts.ts';

const staff = partly('account', { groups: [{ name: 'staff', gid: 50 }] });

cases('os.shared-group', {
  ok: { 'one of them is in a group': observedFacts({}, { acme: staff }) },
  ng: {
    'by the group database': observedFacts({}, { acme: staff, globex: staff }),
    'by the running process alone': observedFacts(
      {},
      {
        acme: ({ process }) =>
          process.known && process.value !== null ? { process: known({ ...process.value, groups: [1001, 1002] }, 'test') } : {},
      },
    ),
  },
});
