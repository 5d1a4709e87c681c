/** The same people administer the host of several tenants. */
import { defineCheck, type Violation } from '../../core/check.ts';
import type { Facts, HostFacts } from '../../core/facts.ts';
import type { HostId } from '../../core/words.ts';
import { names, sharedBy, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'host.admins',
  title: 'The same people administer the host of several tenants',
  why: 'Whoever is root there reads everything of every tenant on it; no rung changes that.',
  fix: 'Name the risk host-admins with an owner and an expiry, for all tenants that the same people administer. Name the accounts of each administrator; no member of a tenant may be one, of its own machine or of another tenant’s.',
  how: 'Tenants with one host, and tenants whose hosts have an administrator of one name; declared administrators of every host against the members of each tenant; accounts that are uid 0, in a group that is as good as root or in sudoers, against the declared ones. Cloud consoles cannot be asked.',
  source: 'passwd(5), group(5), sudoers(5)',
  severity: { team: 'info', clients: 'warn', adversarial: 'high' },
  needs: [],
  phases: ['desired', 'observed'],
  item: 'host-admins',
  *judge(facts) {
    const admins = new Map(facts.hosts.map((host) => [host.host, declaredAdmins(host)]));
    for (const group of sharedBy(facts.tenants, ({ host }) => [{ key: host, where: `host ${host}: ${admins.get(host) ?? 'nobody is named'}` }]))
      yield sharing(group, 'the administrators of one host');
    yield* sameOnSeveral(facts);
    const here = Map.groupBy(facts.tenants, ({ host }) => host);
    for (const host of facts.hosts) {
      const [one, ...rest] = here.get(host.host)?.map(({ tenant }) => tenant) ?? [];
      const unnamed = unnamedAccounts(host);
      if (one !== undefined && unnamed.length > 0)
        yield { tenants: [one, ...rest], message: `accounts of ${host.host} become root and belong to no named administrator`, evidence: unnamed };
    }
    yield* membersAmong(facts);
  },
});

/** On machines of their own, the same people are what two tenants still share. */
function* sameOnSeveral({ hosts, tenants }: Facts): Iterable<Violation> {
  const admins = new Map(
    hosts.map((host) => [host.host, host.admins.map(({ name, how }) => ({ key: plain(name), where: `host ${host.host}: ${name} (${how})` }))]),
  );
  if (hosts.length < 2) return;
  const hostOf = new Map(tenants.map(({ tenant, host }) => [tenant, host]));
  for (const group of sharedBy(tenants, ({ host }) => admins.get(host) ?? []))
    if (new Set(group.tenants.map((tenant) => hostOf.get(tenant))).size > 1) yield sharing(group, 'administrators of their hosts');
}

/** Members of a tenant who administer its machine, or that of another tenant. */
function* membersAmong({ hosts, tenants }: Facts): Iterable<Violation> {
  const administered = new Map<string, HostId[]>();
  for (const { host, admins } of hosts)
    for (const name of new Set(admins.map((admin) => plain(admin.name)))) administered.set(name, [...(administered.get(name) ?? []), host]);
  const here = Map.groupBy(tenants, ({ host }) => host);
  for (const { tenant, host: own, boundary } of tenants) {
    const found = boundary.members.flatMap((member) => (administered.get(plain(member)) ?? []).map((host) => ({ member, host })));
    const atHome = found.filter(({ host }) => host === own);
    if (atHome.length > 0)
      yield {
        tenants: [tenant],
        message: `members of ${tenant} administer its host`,
        evidence: atHome.map(({ member }) => `${member} is in both lists`),
      };
    for (const [host, there] of Map.groupBy(found, (one) => one.host)) {
      const others = here.get(host)?.map((other) => other.tenant) ?? [];
      if (host !== own && others.length > 0)
        yield {
          tenants: [tenant, ...others],
          message: `members of ${tenant} administer host ${host}, where ${names(others)} ${others.length === 1 ? 'is' : 'are'} placed`,
          evidence: there.map(({ member }) => `${member} is a member of ${tenant} and an administrator of ${host}`),
        };
    }
  }
}

function declaredAdmins({ admins }: HostFacts): string {
  return admins.length === 0 ? 'nobody is named as its administrator' : admins.map(({ name, how }) => `${name} (${how})`).join(', ');
}

/** The account root belongs to all of them. */
function unnamedAccounts({ admins, accounts }: HostFacts): readonly string[] {
  const named = new Set(['root', ...admins.flatMap((admin) => admin.accounts ?? [])]);
  const found = accounts.known ? accounts.value.administrators : [];
  return found.filter(({ name }) => !named.has(name)).map(({ name, how }) => `${name} (${how})`);
}

function plain(name: string): string {
  return name.trim().toLowerCase();
}
