/** A-F8: what the victim's gateway and its programs wrote about their work. */
import { BY_TRUST, FILE_REFUSALS, defineProbe, type Side, type Step } from '../define.ts';
import { judgeByReason, judgeHostThing } from '../judge.ts';
import { readDecoy } from './files.read-state.ts';

/** Where systemd's journal and syslog keep what services of all users print. Source: journald.conf(5), rsyslog's defaults of Debian and of Fedora. */
const JOURNALS = ['/var/log/journal', '/run/log/journal'];
const SYSLOGS = ['syslog', 'messages', 'daemon.log', 'user.log', 'auth.log', 'secure'].map((name) => `/var/log/${name}`);

export const probe = defineProbe({
  id: 'log.read',
  attack: 'A-F8',
  title: "One tenant reads another's log",
  does: 'Reads the canary in the victim’s log directory, and opens what Bulkhead keeps of its gateway’s output, the journal and the system’s log files.',
  safe: 'Only the canary is read; log files are opened and closed at once.',
  decoy: 'The attacker reads, and finds by looking through a directory, the readable decoy that it made itself, with the same code.',
  fix: 'Give every tenant its own OS user and file system (isolation os-user); keep the system’s logs closed to all but root and the group adm.',
  expected: [...FILE_REFUSALS, 'EMPTY'],
  severity: BY_TRUST,
  item: 'logs',
  vantage: 'inside',
  attempts: (_attacker, victim) => [
    ...readLog(victim),
    open('the output of the gateway', [`${victim.host.stateDir}/logs/${victim.tenant}.log`]),
    open('the journal', JOURNALS),
    open('the system’s logs', SYSLOGS),
  ],
  positive: readLog,
  negative: (self) => [...readDecoy(self), open('the decoy', [self.decoy.directory])],
  judge: (step, attempted, apart, probe) => (step.nonce === undefined ? judgeHostThing : judgeByReason)(step, attempted, apart, probe),
});

/** Where none could be planted, a name that cannot exist is asked for, and its control fails. */
function readLog({ canaries, logDir, nonce }: Side): Step[] {
  const path = canaries['log'] ?? `${logDir}/canary-missing`;
  return [{ label: `read ${path}`, action: { kind: 'read', path }, nonce }];
}

export function open(what: string, paths: readonly string[]): Step {
  return { label: `open ${what}`, action: { kind: 'open', paths } };
}
