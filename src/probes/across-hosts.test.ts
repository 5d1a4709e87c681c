import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SAMPLE_LAYOUT, sampleBlueprint } from '../../test/support/sample.ts';
import type { Attempted } from './actions.ts';
import type { Side } from './define.ts';
import { PROBES } from './index.ts';
import { foldPair, planAttempts, type Seen } from './plan.ts';
import { sideOf } from './sides.ts';

const ACROSS = ['browser.cdp-reach', 'gateway.reach', 'gateway.token-missing', 'gateway.token-replay-http', 'gateway.token-replay-ws', 'host.login'];

function side(tenant: string, host: string, address: string): Side {
  const marks = { nonce: tenant.padEnd(32, '0'), decoyNonce: tenant.padEnd(32, '1'), decoyUid: 2_000_000_000 };
  const blueprint = { ...sampleBlueprint(tenant), host };
  const gateway = undefined;
  const common = { layout: SAMPLE_LAYOUT, marks, details: { address: '10.213.0.2' }, gateway, held: undefined, scripted: false, hasToken: true };
  // Two kernels number their namespaces alike.
  return { ...sideOf({ ...common, blueprint, addresses: [address] }), namespaces: { net: 'net:[1]', mnt: 'mnt:[1]', pid: 'pid:[1]' } };
}

const acme = side('acme', 'edge-1', '192.0.2.1');
const globex = side('globex', 'edge-2', '192.0.2.2');
const initech = side('initech', 'edge-1', '192.0.2.1');
const pair = { attacker: acme, victim: globex };
const trust = { default: 'clients', relations: [] } as const;

function seenWith(answer: (host: string) => Attempted): Seen {
  const plan = planAttempts(PROBES, [acme, globex], [{ attacker: 'acme', victim: 'globex' }]);
  const none: Attempted = { key: '', ok: false, code: 'EACCES' };
  const answers = new Map(plan.attempts.map(({ key, step }) => [key, 'host' in step.action ? answer(step.action.host) : none]));
  return { answers, trust, disqualified: () => undefined };
}
const probeOf = (id: string) => PROBES.find((probe) => probe.id === id) ?? assert.fail(id);

test('what lies on one machine is not attacked across two, and is told so; what a network carries is', () => {
  const attacked = new Set<string>();
  for (const probe of PROBES) {
    if (probe.id === 'victim.affected') continue;
    const { verdict, detail } = foldPair(probe, pair, { answers: new Map(), trust, disqualified: () => undefined }, 0);
    if (verdict === 'not-applicable') assert.match(detail, /globex is on another machine \(edge-2\)/, probe.id);
    else attacked.add(probe.id);
  }
  assert.deepEqual([...attacked].toSorted(), ACROSS);
  const { verdict, detail } = foldPair(
    probeOf('host.login'),
    { attacker: acme, victim: initech },
    seenWith(() => ({ key: '', ok: true, got: '' })),
    0,
  );
  assert.deepEqual([verdict, detail], ['not-applicable', 'both are on one machine: see host.reach']);
});

test('another machine is attacked at its addresses alone: loopback and links are the attacker’s own there', () => {
  const { attempts } = planAttempts(PROBES, [acme, globex], [{ attacker: 'acme', victim: 'globex' }]);
  const hosts = attempts.filter(({ key }) => key.includes(' attack ')).flatMap(({ step: { action } }) => ('host' in action ? [action.host] : []));
  assert.ok(hosts.length >= ACROSS.length);
  assert.deepEqual(new Set(hosts), new Set(['192.0.2.2']));
});

test('a refusal holds, an answer breaches, silence is unknown', () => {
  const own = (host: string): boolean => host === '127.0.0.1';
  const controls = (other: Attempted) => seenWith((host) => (own(host) ? { key: '', ok: true, got: globex.decoy.nonce } : other));
  const verdictOf = (other: Attempted) => foldPair(probeOf('gateway.reach'), pair, controls(other), 0).verdict;
  assert.equal(verdictOf({ key: '', ok: false, code: 'EHOSTUNREACH' }), 'contained');
  assert.equal(verdictOf({ key: '', ok: true, got: 'connected' }), 'breached');
  assert.equal(verdictOf({ key: '', ok: false, code: 'ETIMEDOUT' }), 'unknown');
});

test('a machine whose addresses are not known is not held to be closed', () => {
  const unseen = { attacker: acme, victim: { ...globex, addresses: [] } };
  const { verdict } = foldPair(
    probeOf('gateway.reach'),
    unseen,
    seenWith(() => ({ key: '', ok: true, got: acme.decoy.nonce })),
    0,
  );
  assert.equal(verdict, 'unknown');
});
