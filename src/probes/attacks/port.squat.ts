/** A-S3: a port of the victim's block, taken by the attacker. */
import { defineProbe, type Step } from '../define.ts';

export const probe = defineProbe({
  id: 'port.squat',
  attack: 'A-S3',
  title: "One tenant answers on a port of another's block",
  does: 'The attacker listens on a free port of the victim’s block on 127.0.0.1; the victim connects to that port and looks who answers.',
  safe: 'Only ports that nothing uses are taken, at the end of the block, for the length of the run.',
  decoy: 'The victim connects to a listener that it opened itself, with the same code, and must recognise it.',
  fix: 'Give every tenant its own network namespace: isolation os-user.',
  expected: ['ECONNREFUSED'],
  severity: { team: 'info', clients: 'high', adversarial: 'high' },
  item: 'port',
  vantage: 'inside',
  by: 'victim',
  attempts: (attacker, victim) => [fetch(attacker.squattedPorts[victim.tenant] ?? victim.ports.last, attacker.nonce)],
  positive: (self) => Object.values(self.squattedPorts).map((port) => fetch(port, self.nonce)),
  positiveBy: 'attacker',
  negative: (self) => [fetch(self.browserPort ?? 1, self.nonce)],
});

function fetch(port: number, nonce: string): Step {
  return { label: `ask who answers on 127.0.0.1 port ${port}`, action: { kind: 'fetch', host: '127.0.0.1', port }, nonce };
}
