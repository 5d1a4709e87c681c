/** A-B1: looks for the victim's browser debugging port, which asks for no password. */
import { BY_TRUST, NETWORK_REFUSALS, defineProbe, type Side, type Step } from '../define.ts';
import { judgeByReason } from '../judge.ts';

/** CDP port of the managed browser when the gateway listens on 18789 (openclaw 2026.9.6: base + 11). */
const INSIDE_CDP = 18800;

export const probe = defineProbe({
  id: 'browser.cdp-reach',
  attack: 'A-B1',
  title: "One tenant reaches another's browser debugging port",
  does: 'Connects to every port of the victim’s block that a browser may use, on loopback and on its link, while the victim answers on a decoy browser port; where the victim’s own browser runs, its name is looked for too.',
  safe: 'Asks only for /json/version; opens no page.',
  decoy: 'The attacker scans a listener that it opened on its own loopback, with the same code, and must find it.',
  fix: 'Give every tenant its own network namespace: isolation os-user; or switch the browser off.',
  expected: [...NETWORK_REFUSALS],
  severity: BY_TRUST,
  item: 'browser-profile',
  vantage: 'inside',
  acrossHosts: true,
  attempts: (attacker, victim) => (attacker.on === victim.on ? nearby(victim) : afar(victim)),
  positive: (self) => [
    scan('127.0.0.1', [self.browserPort ?? INSIDE_CDP], self.nonce),
    ...(self.browser === undefined ? [] : [scan('127.0.0.1', [self.browser.port], self.browser.name)]),
  ],
  negative: ({ decoy }) => [scan('127.0.0.1', [decoy.port], decoy.nonce)],
  judge: (step, attempted, apart, probe) => {
    // In one shared loopback any other listener in the block may also be a browser: reached is reached.
    if (attempted.ok && !apart.net && 'ports' in step.action)
      return { outcome: 'breached', detail: `${step.label}: ports that answer: ${portsIn(attempted.got)}` };
    return judgeByReason(step, attempted, apart, probe);
  },
});

function nearby(victim: Side): Step[] {
  return [
    scan('127.0.0.1', browserPorts(victim), victim.nonce),
    // Brought into the attacker's loopback by a relay, the victim's browser still says its own name.
    ...(victim.browser === undefined ? [] : [scan('127.0.0.1', browserPorts(victim), victim.browser.name)]),
    scan('::1', [victim.ports.first + 11, INSIDE_CDP]),
    ...(victim.address === undefined ? [] : [scan(victim.address, [INSIDE_CDP, victim.ports.first + 11])]),
  ];
}

/** At the addresses of its machine, where a browser that listens on every address would answer. */
function afar(victim: Side): Step[] {
  const ports = [INSIDE_CDP, victim.browserPort ?? victim.ports.first + 11];
  return victim.addresses.map((host) => scan(host, [...new Set(ports)]));
}

function browserPorts({ ports, browserPort }: Side): number[] {
  const block = Array.from({ length: 108 }, (_, index) => ports.first + 3 + index);
  return [...new Set([...block, INSIDE_CDP, ...(browserPort === undefined ? [] : [browserPort])])];
}

function portsIn(got: string): string {
  return got
    .split('\n')
    .map((line) => line.split(' ')[0])
    .join(', ');
}

function scan(host: string, ports: readonly number[], nonce?: string): Step {
  const label = `scan ${ports.length} browser port${ports.length === 1 ? '' : 's'} on ${host}`;
  return { label, action: { kind: 'scan', host, ports }, ...(nonce === undefined ? {} : { nonce }) };
}
