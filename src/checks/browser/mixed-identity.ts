/** A tenant's browser is signed in as somebody else. */
import { defineCheck, type Violation } from '../../core/check.ts';
import type { Facts, TenantFacts } from '../../core/facts.ts';
import type { TenantId } from '../../core/words.ts';
import { sharedBy, sharing } from '../join.ts';

/** Providers whose domain says nothing of who the account belongs to. */
const PUBLIC = new Set(
  'gmail.com googlemail.com outlook.com hotmail.com live.com icloud.com me.com yahoo.com proton.me protonmail.com gmx.de gmx.net web.de aol.com qq.com 163.com'.split(
    ' ',
  ),
);

export const check = defineCheck({
  id: 'browser.mixed-identity',
  title: 'A tenant’s browser is signed in as somebody else',
  why: 'Its agent acts in the name of another company, or of a person.',
  fix: 'Sign the account out, or name it among the members of the boundary if it belongs there.',
  how: 'Accounts of the browser profiles are compared with the e-mail domains of the boundary and with those of other tenants; of cookies only host names.',
  source: 'Chromium chrome/browser/profiles (Local State, Preferences), net/extras/sqlite (cookies)',
  severity: { team: 'warn', clients: 'high', adversarial: 'high' },
  needs: ['browserProfiles'],
  phases: ['observed'],
  item: 'browser-profile',
  *judge(facts) {
    const accounts = sharedBy(facts.tenants, (tenant) => accountsOf(tenant).map((account) => ({ key: account, where: `signed in as ${account}` })));
    for (const group of accounts) yield sharing(group, 'one browser account');
    const owners = ownersOf(facts);
    for (const tenant of facts.tenants) yield* foreignTo(tenant, owners);
  },
});

function accountsOf({ browserProfiles }: TenantFacts): readonly string[] {
  return browserProfiles.known ? browserProfiles.value.flatMap(({ accounts }) => accounts) : [];
}

/** Domains of the e-mail addresses in a boundary. */
function domainsOf({ boundary }: TenantFacts): ReadonlySet<string> {
  const text = [boundary.owner, ...boundary.members].join(' ');
  return new Set([...text.matchAll(/[^\s@<>,;]+@([a-z0-9.-]+[a-z0-9])/gi)].map(([, domain = '']) => domain.toLowerCase()));
}

function ownersOf({ tenants }: Facts): ReadonlyMap<string, TenantId> {
  return new Map(
    tenants.flatMap((tenant) => [...domainsOf(tenant)].filter((domain) => !PUBLIC.has(domain)).map((domain) => [domain, tenant.tenant] as const)),
  );
}

function* foreignTo(tenant: TenantFacts, owners: ReadonlyMap<string, TenantId>): Iterable<Violation> {
  const own = domainsOf(tenant);
  // A boundary that names no address at all says nothing about which accounts belong to it.
  const strange = own.size === 0 ? [] : accountsOf(tenant).filter((account) => !own.has(account.slice(account.lastIndexOf('@') + 1)));
  if (strange.length > 0)
    yield {
      tenants: [tenant.tenant],
      message: `the browser of ${tenant.tenant} is signed in outside its boundary`,
      evidence: strange.map((account) => `account ${account}`),
    };
  const hosts = tenant.browserProfiles.known ? tenant.browserProfiles.value.flatMap(({ cookieHosts }) => cookieHosts) : [];
  const met = new Map<TenantId, string>();
  for (const host of hosts) {
    const domain = above(host).find((one) => owners.has(one));
    const owner = domain === undefined || own.has(domain) ? undefined : owners.get(domain);
    if (owner !== undefined) met.set(owner, host);
  }
  for (const [owner, host] of met)
    yield {
      tenants: [tenant.tenant, owner],
      message: `the browser of ${tenant.tenant} has been at a site of ${owner}`,
      evidence: [`a cookie of ${host}`],
    };
}

/** `.app.acme.example` → `app.acme.example`, `acme.example`, `example`. */
function above(host: string): readonly string[] {
  const labels = host.replace(/^\./, '').toLowerCase().split('.');
  return labels.map((_, at) => labels.slice(at).join('.'));
}
