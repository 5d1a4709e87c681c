import { known, type TenantFacts } from '../../core/facts.ts';
import type { Way } from '../../core/os-facts.ts';
import { cases } from '../testing/cases.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { partly, wayTo } from '../testing/clean-os-facts.ts';

const log = (way: Way) => (): Partial<TenantFacts> => ({ logs: known([way], 'test') });

cases('log.readable', {
  ok: {
    'a closed directory above an open file': observedFacts(
      {},
      { acme: log([{ path: '/srv/a', uid: 1001, gid: 1001, mode: 0o700 }, ...wayTo('/srv/a/log', 1001, 0o644)]) },
    ),
    'a group of its own': observedFacts({}, { acme: log(wayTo('/srv/log', 1001, 0o640)) }),
  },
  ng: {
    everybody: observedFacts({}, { acme: log(wayTo('/srv/log', 1001, 0o644)) }),
    'a group of the neighbour': observedFacts({}, { acme: log(wayTo('/srv/log', 1001, 0o640, 1002)) }),
    'the neighbour owns it': observedFacts({}, { acme: log(wayTo('/srv/log', 1002, 0o600)) }),
    'the journal': observedFacts({}, { acme: partly('account', { groups: [{ name: 'adm', gid: 4 }] }) }),
    'OpenClaw’s own audit': observedFacts(
      {},
      {
        acme: ({ audit }) =>
          audit.known
            ? {
                audit: known(
                  { ...audit.value, findings: [{ checkId: 'fs.log_file.perms_readable', severity: 'warn', title: 'log', detail: '' }] },
                  'test',
                ),
              }
            : {},
      },
    ),
  },
});
