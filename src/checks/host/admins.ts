/** The same people administer the host of several tenants. */
import { defineCheck } from '../../core/check.ts';
import type { HostFacts } from '../../core/facts.ts';
import { sharedBy, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'host.admins',
  title: 'The same people administer the host of several tenants',
  why: 'Whoever is root there reads everything of every tenant on it; no rung changes that.',
  fix: 'Name the risk host-admins with an owner and an expiry, for all tenants of the host. Name the accounts of each administrator; no member of a tenant may be one.',
  how: 'Tenants with one host; its declared administrators against the members of each tenant; accounts that are uid 0, in a group that is as good as root or in sudoers, against the declared ones. Cloud consoles cannot be asked.',
  source: 'passwd(5), group(5), sudoers(5)',
  severity: { team: 'info', clients: 'warn', adversarial: 'high' },
  needs: [],
  phases: ['desired', 'observed'],
  item: 'host-admins',
  *judge(facts) {
    const admins = new Map(facts.hosts.map((host) => [host.host, declaredAdmins(host)]));
    for (const group of sharedBy(facts.tenants, ({ host }) => [{ key: host, where: `host ${host}: ${admins.get(host) ?? 'nobody is named'}` }]))
      yield sharing(group, 'the administrators of one host');
    const here = Map.groupBy(facts.tenants, ({ host }) => host);
    for (const host of facts.hosts) {
      const [one, ...rest] = here.get(host.host)?.map(({ tenant }) => tenant) ?? [];
      const unnamed = unnamedAccounts(host);
      if (one !== undefined && unnamed.length > 0)
        yield { tenants: [one, ...rest], message: `accounts of ${host.host} become root and belong to no named administrator`, evidence: unnamed };
    }
    const people = new Map(facts.hosts.map((host) => [host.host, new Set(host.admins.map(({ name }) => plain(name)))]));
    for (const { tenant, host, boundary } of facts.tenants) {
      const both = boundary.members.filter((member) => people.get(host)?.has(plain(member)) === true);
      if (both.length > 0)
        yield { tenants: [tenant], message: `members of ${tenant} administer its host`, evidence: both.map((name) => `${name} is in both lists`) };
    }
  },
});

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
