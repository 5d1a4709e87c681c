/** Which tenants share a checklist item: joins over what identifies the item, and findings that name several tenants. */
import type { Finding } from '../core/check.ts';
import type { Facts, Known, PathRole, TenantFacts } from '../core/facts.ts';
import type { TenantId } from '../core/words.ts';
import { meansItem, type ChecklistItem } from './items.ts';

/** What a tenant has for one item, and by which keys another tenant's would be the same thing. */
export interface ItemValue {
  /** Plain text, may be hostile; empty when the tenant has none. */
  readonly value: string;
  readonly keys: readonly string[];
}

const PATHS_OF: Readonly<Partial<Record<ChecklistItem, readonly PathRole[]>>> = {
  'state-directory': ['state', 'config'],
  workspace: ['workspace'],
  'browser-profile': ['browser'],
  'channel-credentials': ['credentials'],
  'model-credentials': ['agent'],
  logs: ['log'],
  backups: ['backup'],
};

/** Reads one item from the facts; unknown stays unknown. */
export function itemValue(facts: Facts, tenant: TenantFacts, item: ChecklistItem): Known<ItemValue> {
  switch (item) {
    case 'state-directory':
    case 'workspace':
    case 'logs':
      return fromPaths(tenant, item);
    case 'backups': {
      const paths = fromPaths(tenant, item);
      return paths.known && paths.value.value === '' ? none('none declared') : paths;
    }
    case 'browser-profile':
      return tenant.browser ? fromPaths(tenant, item) : none('none: browser is off');
    case 'channel-credentials':
      return withSecrets(tenant, item, 'channel:', channelAccounts(tenant));
    case 'model-credentials':
      return withSecrets(tenant, item, 'model:', { known: true, value: { value: '', keys: [] }, source: '' });
    case 'gateway-token':
      return fromSecrets(tenant, 'gateway-token');
    case 'port':
      return fromPorts(tenant);
    case 'host-admins':
      return fromHost(facts, tenant);
  }
}

function none(value: string): Known<ItemValue> {
  return { known: true, value: { value, keys: [] }, source: 'manifest' };
}

function fromPaths(tenant: TenantFacts, item: ChecklistItem): Known<ItemValue> {
  if (!tenant.paths.known) return tenant.paths;
  const roles = PATHS_OF[item] ?? [];
  const found = tenant.paths.value.filter(({ role }) => roles.includes(role));
  const keys = found.flatMap(({ role, real, identity, backing }) => [real, identity, backing].filter((key) => key !== undefined).map((key) => `${tenant.host} ${role} ${key}`));
  return { known: true, value: { value: found.map(({ declared, real }) => (declared === real ? declared : `${declared} (really ${real})`)).join(', '), keys }, source: tenant.paths.source };
}

function fromSecrets(tenant: TenantFacts, role: string): Known<ItemValue> {
  if (!tenant.secrets.known) return tenant.secrets;
  const found = tenant.secrets.value.filter((secret) => secret.role === role || (role.endsWith(':') && secret.role.startsWith(role)));
  const keys = found.flatMap(({ location, digest }) => [`${tenant.host} ${location}`, ...(digest === undefined ? [] : [digest])]);
  const value = found.map((secret) => (role.endsWith(':') ? `${secret.role.slice(role.length)}: ${secret.location}` : secret.location)).join(', ');
  return { known: true, value: { value, keys }, source: tenant.secrets.source };
}

function channelAccounts(tenant: TenantFacts): Known<ItemValue> {
  if (!tenant.identities.known) return tenant.identities;
  const keys = tenant.identities.value.flatMap(({ channel, account, reference }) => [`${channel} ${reference}`, ...(account === undefined ? [] : [`${channel} ${account}`])]);
  const value = tenant.identities.value.map(({ channel, account }) => `${channel} ${account ?? '(account not known)'}`).join(', ');
  return { known: true, value: { value, keys }, source: tenant.identities.source };
}

/** An item that is made of a directory, of secrets, and of accounts: none without a secret or an account. */
function withSecrets(tenant: TenantFacts, item: ChecklistItem, role: string, accounts: Known<ItemValue>): Known<ItemValue> {
  const secrets = fromSecrets(tenant, role);
  const paths = fromPaths(tenant, item);
  if (!secrets.known) return secrets;
  if (!accounts.known) return accounts;
  if (!paths.known) return paths;
  const value = [accounts.value.value, secrets.value.value].filter((text) => text !== '').join('; ');
  if (value === '') return { known: true, value: { value: `none (${paths.value.value})`, keys: paths.value.keys }, source: paths.source };
  return { known: true, value: { value, keys: [...accounts.value.keys, ...secrets.value.keys, ...paths.value.keys] }, source: secrets.source };
}

function fromPorts({ host, ports }: TenantFacts): Known<ItemValue> {
  if (!ports.known) return ports;
  const { first, last, published, namespace } = ports.value;
  const keys = [`${host} published ${published}`];
  if (namespace !== 'own') for (let port = first; port <= Math.min(last, first + 200); port += 1) keys.push(`${host} ${namespace} ${port}`);
  return { known: true, value: { value: `127.0.0.1:${published}, block ${first}-${last}`, keys }, source: ports.source };
}

function fromHost(facts: Facts, tenant: TenantFacts): Known<ItemValue> {
  const admins = facts.hosts.find(({ host }) => host === tenant.host)?.admins ?? [];
  if (admins.length === 0) return { known: false, why: `nobody is named as administrator of host ${tenant.host}; somebody is` };
  const user = tenant.user.known ? `; OS user ${tenant.user.value.name}` : '';
  const keys = [...admins.map(({ name }) => `admin ${name}`), `on ${tenant.host}`];
  return { known: true, value: { value: `${admins.map(({ name, how }) => `${name} (${how})`).join(', ')}${user}`, keys }, source: 'manifest' };
}

/** Peers with whom a tenant shares an item, sorted; from equal keys and from findings that name both. */
export function peersSharing(facts: Facts, findings: readonly Finding[], tenant: TenantFacts, item: ChecklistItem): readonly TenantId[] {
  const own = itemValue(facts, tenant, item);
  const keys = new Set(own.known ? own.value.keys : []);
  const peers = new Set<TenantId>();
  for (const other of facts.tenants) {
    if (other.tenant === tenant.tenant) continue;
    const theirs = itemValue(facts, other, item);
    if (theirs.known && theirs.value.keys.some((key) => keys.has(key))) peers.add(other.tenant);
  }
  for (const finding of findings) {
    const shared = finding.kind === 'check' && (finding.verdict === 'fail' || finding.accepted !== undefined);
    if (!shared || finding.tenants.length < 2 || !meansItem(finding.item, item) || !finding.tenants.includes(tenant.tenant)) continue;
    for (const peer of finding.tenants) if (peer !== tenant.tenant) peers.add(peer);
  }
  return [...peers].sort();
}
