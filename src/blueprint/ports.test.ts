import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PortBlock } from '../core/blueprint.ts';
import { allocatePorts, FIRST_BASE, type AllocatePorts } from './ports.ts';

const ephemeral: PortBlock = { first: 32768, last: 60999 };
const tenantIds = (count: number): { id: string }[] => Array.from({ length: count }, (_, index) => ({ id: `t${index}` }));

function allocate(input: Partial<AllocatePorts>): ReadonlyMap<string, PortBlock> {
  const allocation = allocatePorts({ tenants: [], leases: new Map(), ephemeral, busy: new Set(), ...input });
  assert.ok(allocation.ok, allocation.ok ? '' : allocation.problems.join('; '));
  return allocation.leases;
}

function problems(input: Partial<AllocatePorts>): readonly string[] {
  const allocation = allocatePorts({ tenants: [], leases: new Map(), ephemeral, busy: new Set(), ...input });
  return allocation.ok ? [] : allocation.problems;
}

test('blocks are whole, disjoint, in range, outside outgoing and busy ports, and the same every time', () => {
  const input = fc.record({
    count: fc.integer({ min: 1, max: 60 }),
    busy: fc.array(fc.integer({ min: 20_000, max: 32_767 }), { maxLength: 20 }).map((ports) => new Set(ports)),
  });
  fc.assert(
    fc.property(input, ({ count, busy }) => {
      const leases = allocate({ tenants: tenantIds(count), busy });
      assert.deepEqual([...leases], [...allocate({ tenants: tenantIds(count), busy })]);
      assert.equal(leases.size, count);
      const blocks = [...leases.values()].sort((left, right) => left.first - right.first);
      blocks.forEach((block, index) => {
        assert.equal(block.last - block.first + 1, 120);
        assert.ok(block.first >= FIRST_BASE && block.first + 110 <= 65535);
        assert.ok(block.last < ephemeral.first || block.first > ephemeral.last);
        assert.ok((blocks[index - 1]?.last ?? 0) < block.first);
        for (const port of busy) assert.ok(port < block.first || port > block.last);
      });
    }),
    { numRuns: 100 },
  );
});

test('tenants keep their block when others come and go', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 29 }), (count, more, gone) => {
      const before = allocate({ tenants: tenantIds(count) });
      const after = allocate({ tenants: tenantIds(count + more).filter((_, index) => index !== gone), leases: before });
      for (const [tenant, block] of before) if (tenant !== `t${gone}`) assert.deepEqual(after.get(tenant), block);
      for (const [tenant, block] of after) if (!before.has(tenant)) assert.ok([...before.values()].every((old) => old.first !== block.first));
    }),
    { numRuns: 100 },
  );
});

test('a remembered block is kept although its own gateway listens there', () => {
  const leases = new Map([['a', { first: 20_240, last: 20_359 }]]);
  assert.deepEqual(allocate({ tenants: [{ id: 'a' }], leases, busy: new Set([20_240]) }).get('a'), { first: 20_240, last: 20_359 });
});

test('a pinned port is respected and others move out of its way', () => {
  const leases = allocate({ tenants: [{ id: 'a' }, { id: 'b', port: 20_050 }] });
  assert.deepEqual(leases.get('b'), { first: 20_050, last: 20_169 });
  assert.equal(leases.get('a')?.first, 20_240);
});

test('pinned ports that clash, clamp, are busy or are given to outgoing connections are refused by name', () => {
  assert.match(
    problems({
      tenants: [
        { id: 'a', port: 20_000 },
        { id: 'b', port: 20_100 },
      ],
    }).join(),
    /^b: port 20100 overlaps the block 20000-20119 of a$/,
  );
  assert.match(problems({ tenants: [{ id: 'a', port: 65_430 }] }).join(), /^a: port 65430 is above 65416/);
  assert.match(problems({ tenants: [{ id: 'a', port: 32_700 }] }).join(), /outgoing connections/);
  assert.match(problems({ tenants: [{ id: 'a', port: 20_000 }], busy: new Set([20_000]) }).join(), /in use/);
  assert.match(problems({ tenants: [{ id: 'a', port: 80 }] }).join(), /below 1024/);
});

test('a host that is full is a problem, and another host has its own ports', () => {
  assert.match(problems({ tenants: tenantIds(200) }).join(), /no block of 120 ports is free/);
  const spread = tenantIds(10_000).map((tenant, index) => ({ ...tenant, host: `h${index % 100}` }));
  assert.equal(allocate({ tenants: spread }).size, 10_000);
});
