/** A-P5: an abstract Unix socket of the victim, which no file permission protects. */
import { defineProbe, type Side, type Step } from '../define.ts';

export const probe = defineProbe({
  id: 'socket.abstract',
  attack: 'A-P5',
  title: "One tenant reaches another's abstract Unix sockets",
  does: 'Connects to an abstract socket on which the victim answers, as browsers and message buses do.',
  safe: 'The socket is made for this run, and answers with random text.',
  decoy: 'The attacker connects to its own abstract socket with the same code.',
  fix: 'Give every tenant its own network namespace (isolation os-user): abstract sockets belong to it.',
  expected: ['ECONNREFUSED', 'EACCES', 'EPERM'],
  severity: { team: 'info', clients: 'high', adversarial: 'critical' },
  item: 'port',
  vantage: 'inside',
  attempts: (_attacker, victim) => ask(victim),
  positive: ask,
  negative: ask,
});

function ask({ socket, nonce }: Side): Step[] {
  return [{ label: `connect to @${socket.slice(1)}`, action: { kind: 'unix', path: socket }, nonce }];
}
