import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { inPart, known, unknown, type Facts, type TenantFacts } from '../core/facts.ts';
import { strictestTrust, trustBetween } from '../core/trust.ts';
import { stricterTrust, TRUSTS } from '../core/words.ts';
import { CHECKS } from './index.ts';
import { judge } from './judge.ts';
import { observedFacts, tenantFacts, withPaths } from './testing/clean-facts.ts';
import { inContainer } from './testing/clean-os-facts.ts';
import { indexTrust } from './trust-index.ts';

const sharedWorkspace = (change: Partial<Facts> = {}): Facts =>
  observedFacts(change, { acme: withPaths((path) => (path.role === 'workspace' ? { ...path, identity: '1:202' } : path)) });

const of = (facts: Facts, id: string) => judge(facts).filter((finding) => finding.id === id);

test('a clean fleet has no failure and no unknown, and one finding for each check', () => {
  const findings = judge(observedFacts());
  assert.deepEqual(new Set(findings.map(({ verdict }) => verdict)), new Set(['pass']));
  assert.equal(findings.length, CHECKS.filter(({ phases }) => (phases as readonly string[]).includes('observed')).length);
});

test('a fact that is missing makes its checks unknown, naming the tenant and the reason', () => {
  const facts = observedFacts({}, { acme: () => ({ secrets: unknown('its config is a FIFO') }) });
  const [gap, rest] = of(facts, 'token.gateway-shared');
  assert.equal(gap?.verdict, 'unknown');
  assert.deepEqual(gap?.tenants, ['acme']);
  assert.match(gap?.message ?? '', /acme: secrets: its config is a FIFO/);
  assert.deepEqual(rest?.tenants, ['globex']);
});

test('what was seen in part is judged, and is no pass', () => {
  const seenInPart = ({ secrets }: TenantFacts): Partial<TenantFacts> => ({
    secrets: secrets.known ? inPart(secrets.value, 'test', 'a volume was not read') : secrets,
  });
  const said = (facts: Facts): readonly (readonly unknown[])[] => of(facts, 'token.gateway-shared').map(({ verdict, tenants }) => [verdict, tenants]);
  const one = observedFacts({}, { acme: seenInPart });
  assert.deepEqual(said(one), [
    ['unknown', ['acme']],
    ['pass', ['globex']],
  ]);
  assert.match(of(one, 'token.gateway-shared')[0]?.message ?? '', /secrets: a volume was not read/);
  const both = observedFacts({}, { acme: seenInPart, globex: seenInPart });
  assert.deepEqual(said(both), [['unknown', ['acme', 'globex']]]);
  const [acme, globex] = both.tenants;
  assert.ok(acme !== undefined && globex !== undefined);
  assert.deepEqual(said({ ...both, tenants: [acme, { ...globex, secrets: acme.secrets }] }), [
    ['unknown', ['acme', 'globex']],
    ['fail', ['acme', 'globex']],
  ]);
});

test('a need that a check can spare is missed by it only where there is nothing else to find', () => {
  const mount = { source: '/run/docker.sock', target: '/sock', writable: false };
  const unseen = { surroundings: unknown('nobody looked'), process: unknown('nobody looked') };
  const verdicts = (change: (tenant: TenantFacts) => Partial<TenantFacts>): readonly string[] =>
    of(observedFacts({}, { acme: change }), 'container.socket-mounted').map(({ verdict, tenants }) => `${verdict} ${tenants.join()}`);
  assert.deepEqual(
    verdicts((tenant) => ({ ...inContainer({ mounts: [mount] })(tenant), ...unseen })),
    ['unknown acme', 'fail acme'],
  );
  assert.deepEqual(
    verdicts((tenant) => ({ ...inContainer({})(tenant), ...unseen })),
    ['unknown acme', 'pass globex'],
  );
  const idle: Partial<TenantFacts> = { surroundings: known(null, 'test'), process: known(null, 'test') };
  assert.deepEqual(
    verdicts((tenant) => ({ ...inContainer({ mounts: [mount] })(tenant), ...idle, found: true })),
    ['fail acme'],
    'of one that was found and does not run, its mounts are all there is',
  );
  assert.deepEqual(
    verdicts(() => idle),
    ['unknown acme', 'pass globex'],
    'one that was built should run',
  );
});

test('a check that saw no tenant at all does not pass', () => {
  const blind = () => ({ secrets: unknown('no access') });
  assert.deepEqual(
    of(observedFacts({}, { acme: blind, globex: blind }), 'token.gateway-shared').map(({ verdict }) => verdict),
    ['unknown'],
  );
  assert.deepEqual(new Set(judge(observedFacts({ tenants: [] })).map(({ verdict }) => verdict)), new Set(['not-applicable']));
});

test('severity follows the trust between those who share, not that of the fleet', () => {
  const severity = (change: Partial<Facts>): string | undefined => of(sharedWorkspace(change), 'workspace.shared')[0]?.severity;
  assert.equal(severity({}), 'critical');
  assert.equal(severity({ trust: { default: 'team', relations: [] } }), 'high');
  assert.equal(severity({ trust: { default: 'clients', relations: [{ between: ['acme', 'globex'], trust: 'team' }] } }), 'high');
});

test('what a trust does not report passes and says so', () => {
  const facts = observedFacts(
    { trust: { default: 'team', relations: [] } },
    {
      acme: ({ process }) => ({
        process:
          process.known && process.value !== null
            ? known({ ...process.value, namespaces: { ...process.value.namespaces, net: '22' } }, 'test')
            : process,
      }),
    },
  );
  const [finding] = of(facts, 'net.loopback-shared');
  assert.equal(finding?.verdict, 'pass');
  assert.match(finding?.message ?? '', /does not report/);
});

test('a named risk accepts by item or by id, for all who share, until its day has passed', () => {
  const risk = { item: 'workspace', tenants: ['acme', 'globex'], risk: 'one desk', owner: 'ops', until: '2026-11-24' };
  const judged = (change: object) => of(sharedWorkspace({ risks: [{ ...risk, ...change }] }), 'workspace.shared')[0];
  assert.deepEqual(judged({})?.accepted, { risk: 'one desk', owner: 'ops', until: '2026-11-24' });
  assert.equal(judged({})?.verdict, 'pass');
  assert.equal(judged({ item: 'workspace.shared' })?.verdict, 'pass');
  assert.equal(judged({ item: 'port' })?.verdict, 'fail');
  assert.equal(judged({ tenants: ['acme', 'other'] })?.verdict, 'fail');
  const expired = judged({ until: '2026-11-23' });
  assert.equal(expired?.verdict, 'fail');
  assert.match(expired?.message ?? '', /ran out on 2026-11-23/);
});

test('the trust index agrees with trust asked pair by pair', () => {
  const tenants = ['a', 'b', 'c', 'd', 'e'];
  const trust = fc.constantFrom(...TRUSTS);
  const relation = fc.record({ between: fc.uniqueArray(fc.constantFrom(...tenants), { minLength: 2 }), trust });
  fc.assert(
    fc.property(
      trust,
      fc.array(relation, { maxLength: 6 }),
      fc.uniqueArray(fc.constantFrom(...tenants), { minLength: 2 }),
      (byDefault, relations, group) => {
        const map = { default: byDefault, relations };
        const index = indexTrust(map, tenants);
        for (const tenant of tenants) assert.equal(index.strictestOf(tenant), strictestTrust(map, tenant, tenants));
        const pairs = group.flatMap((left, at) => group.slice(at + 1).map((right) => trustBetween(map, left, right)));
        assert.equal(index.strictestWithin(group), pairs.reduce(stricterTrust));
      },
    ),
  );
});

test('ten thousand tenants are judged, and time does not grow with their pairs', (context) => {
  const fleet = (size: number): Facts => observedFacts({ tenants: Array.from({ length: size }, (_, at) => tenantFacts(`t${at}`, at + 1)) });
  const time = (facts: Facts): number => {
    const started = performance.now();
    judge(facts);
    return performance.now() - started;
  };
  time(fleet(1000));
  const [small, large] = [time(fleet(2000)), time(fleet(10_000))];
  context.diagnostic(`2,000 tenants ${small.toFixed()} ms, 10,000 tenants ${large.toFixed()} ms`);
  // Five times the tenants; twenty-five times the pairs.
  assert.ok(large < small * 15, `${small} ms, then ${large} ms`);
});

test('of a gateway that was found nothing is said that only a manifest declares or that would leave a trace', () => {
  const drifted = known({ restricted: true, drifted: ['tools.deny'] }, 'test');
  const found = {
    found: true as const,
    boundary: { owner: '', data: '', members: [] },
    policy: drifted,
    claim: unknown('not asked'),
    audit: unknown('not asked'),
  };
  const facts = observedFacts({}, { acme: () => found });
  for (const id of ['boundary.undefined', 'policy.drift', 'gateway.claim-mismatch', 'audit.findings']) {
    const [about] = of(facts, id);
    assert.deepEqual([about?.verdict, about?.tenants], ['not-applicable', ['acme']], id);
  }
  assert.ok(of(observedFacts({}, { acme: () => ({ policy: drifted }) }), 'policy.drift').some(({ verdict }) => verdict === 'fail'));
});

test('a found gateway in which an audit was run is judged by it, and is unknown where the audit failed', () => {
  const verdicts = (change: object): readonly string[] =>
    of(observedFacts({}, { acme: () => ({ found: true, ...change }) }), 'audit.findings').flatMap(({ verdict, tenants }) =>
      tenants.includes('acme') ? [verdict] : [],
    );
  assert.deepEqual(verdicts({}), ['not-applicable']);
  assert.deepEqual(verdicts({ entered: true }), ['pass']);
  assert.deepEqual(verdicts({ entered: true, audit: unknown('it took too long') }), ['unknown']);
});

test('of a found gateway that does not run, what only a running one has is no unknown; of a declared one it is', () => {
  const idle = { process: known(null, 'test'), surroundings: known(null, 'test') };
  const verdicts = (change: object): readonly string[] =>
    of(observedFacts({}, { acme: () => ({ ...idle, ...change }) }), 'fs.umask').map(({ verdict }) => verdict);
  assert.deepEqual(verdicts({ found: true }), ['not-applicable', 'pass']);
  assert.deepEqual(verdicts({}), ['unknown', 'pass']);
});
