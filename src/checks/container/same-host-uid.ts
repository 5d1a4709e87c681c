/** Containers of two tenants are one user of the host, or may become one. */
import { defineCheck } from '../../core/check.ts';
import type { TenantFacts } from '../../core/facts.ts';
import type { HostId, TenantId } from '../../core/words.ts';
import { sharing, type Shared } from '../join.ts';

export const check = defineCheck({
  id: 'container.same-host-uid',
  title: 'Containers of two tenants are one user of the host',
  why: 'Whoever gets out of one container owns the files and processes of the other.',
  fix: 'Map users apart: userns-remap, podman --userns=auto, or a rootless engine for each tenant. Ranges in /etc/subuid and /etc/subgid must not meet; bulkhead apply gives each tenant one id.',
  how: 'The user of the gateway’s process as the host numbers it, the users that its user namespace holds, and those that /etc/subuid and /etc/subgid let its user become; of gateways in containers against those of every other tenant on the host.',
  source: 'user_namespaces(7); subuid(5); openclaw 2026.9.6 docs/cli/fleet.md (cells run with the user of whoever made them)',
  severity: { team: '-', clients: 'warn', adversarial: 'high' },
  needs: ['container', 'process'],
  phases: ['observed'],
  item: 'container',
  *judge({ tenants }) {
    for (const group of overlapping(tenants.flatMap(holdingsOf))) yield sharing(group, 'a user of the host');
  },
});

interface Holding {
  readonly tenant: TenantId;
  readonly contained: boolean;
  /** A host and whether ids of users or of groups. */
  readonly space: `${HostId} ${'users' | 'groups'}`;
  readonly first: number;
  readonly last: number;
  readonly where: string;
}

function holdingsOf({ tenant, host, container, process, account }: TenantFacts): readonly Holding[] {
  const running = process.known ? process.value : null;
  if (running === null) return [];
  const contained = container.known && container.value !== null;
  const what = contained ? `container ${container.value?.name}` : tenant;
  const hold = (kind: 'users' | 'groups', first: number, count: number, where: string): Holding => {
    return { tenant, contained, space: `${host} ${kind}`, first, last: first + count - 1, where };
  };
  const maps = running.userIds ?? [];
  const ranges = account.known ? (account.value.subordinate ?? []) : [];
  return [
    hold('users', running.uid, 1, `${what} is uid ${running.uid} of ${host}`),
    ...maps.map(({ first, count }) => hold('users', first, count, `${what} holds ${count} from uid ${first} of ${host}`)),
    ...ranges.map(({ kind, first, count, where }) => hold(kind, first, count, `${where} of ${host} gives ${tenant} ${count} from ${first}`)),
  ];
}

/** Sorted by their beginnings, what overlaps stands together: one pass, no pairs. */
function* overlapping(holdings: readonly Holding[]): Iterable<Shared> {
  const sorted = holdings.toSorted((left, right) => (left.space < right.space ? -1 : left.space > right.space ? 1 : left.first - right.first));
  const told = new Set<string>();
  for (const run of runs(sorted)) {
    const tenants = [...new Set(run.map(({ tenant }) => tenant))].toSorted();
    const [one, ...more] = tenants;
    if (one === undefined || more.length === 0 || !run.some(({ contained }) => contained) || told.has(tenants.join(' '))) continue;
    told.add(tenants.join(' '));
    yield { tenants: [one, ...more], evidence: [...new Set(run.map(({ where }) => where))] };
  }
}

function* runs(sorted: readonly Holding[]): Iterable<readonly Holding[]> {
  let run: Holding[] = [];
  let last = -1;
  for (const holding of sorted) {
    if (run.length > 0 && (run[0]?.space !== holding.space || holding.first > last)) {
      yield run;
      run = [];
    }
    last = run.length === 0 ? holding.last : Math.max(last, holding.last);
    run.push(holding);
  }
  if (run.length > 0) yield run;
}
