/** Which tenants share a checklist item: joins over what identifies the item, and findings that name several tenants. */
import type { Finding } from '../core/check.ts';
import type { Facts, Known, PathRole, TenantFacts } from '../core/facts.ts';
import type { TenantId } from '../core/words.ts';
import { showsOn, type ChecklistItem } from './items.ts';

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
  const keys = found.flatMap(({ role, real, identity, backing }) =>
    [real, identity, backing].filter((key) => key !== undefined).map((key) => `${tenant.host} ${role} ${key}`),
  );
  return {
    known: true,
    value: { value: found.map(({ declared, real }) => (declared === real ? declared : `${declared} (really ${real})`)).join(', '), keys },
    source: tenant.paths.source,
  };
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
  const own = tenant.identities.value.filter(({ kind }) => kind === undefined);
  const keys = own.flatMap(({ channel, account, reference }) => [
    ...(reference === '' || reference.startsWith('account:') ? [] : [`${channel} ${reference}`]),
    ...(account === undefined ? [] : [`${channel} ${account}`]),
  ]);
  const named = new Set(own.flatMap(({ channel, account }) => (account === undefined ? [] : [channel])));
  const texts = own.flatMap(({ channel, account }) =>
    account !== undefined ? [`${channel} ${account}`] : named.has(channel) ? [] : [`${channel} (account not known)`],
  );
  const value = [...new Set(texts)].join(', ');
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
  const keys = published === undefined ? [] : [`${host} published ${published}`];
  if (namespace !== 'own') for (let port = first; port <= Math.min(last, first + 200); port += 1) keys.push(`${host} ${namespace} ${port}`);
  const value = `${published === undefined ? 'published nowhere' : `127.0.0.1:${published}`}, block ${first}-${last}`;
  return { known: true, value: { value, keys }, source: ports.source };
}

function fromHost(facts: Facts, tenant: TenantFacts): Known<ItemValue> {
  const admins = facts.hosts.find(({ host }) => host === tenant.host)?.admins ?? [];
  if (admins.length === 0) return { known: false, why: `nobody is named as administrator of host ${tenant.host}; somebody is` };
  const user = tenant.user.known ? `; OS user ${tenant.user.value.name}` : '';
  const keys = [...admins.map(({ name }) => `admin ${name}`), `on ${tenant.host}`];
  return { known: true, value: { value: `${admins.map(({ name, how }) => `${name} (${how})`).join(', ')}${user}`, keys }, source: 'manifest' };
}

/** Findings that belong on a row of a tenant. Those about paths go where the path is named, else to the state directory. */
export function findingsOn(findings: readonly Finding[], tenant: TenantFacts, item: ChecklistItem): readonly Finding[] {
  return findings.filter(
    (finding) =>
      finding.tenants.includes(tenant.tenant) && showsOn(finding.item, item) && (finding.item !== 'paths' || namesPath(finding, tenant, item)),
  );
}

function namesPath(finding: Finding, tenant: TenantFacts, item: ChecklistItem): boolean {
  if (!tenant.paths.known || finding.verdict !== 'fail') return item === 'state-directory';
  const rows = Object.keys(PATHS_OF).filter((row) => pathsNamed(finding, tenant, PATHS_OF[row as ChecklistItem] ?? [])); // keys of PATHS_OF are items
  return rows.length === 0 ? item === 'state-directory' : rows.includes(item);
}

function pathsNamed({ evidence, message }: Finding, { paths }: TenantFacts, roles: readonly PathRole[]): boolean {
  if (!paths.known) return false;
  const own = paths.value.filter(({ role }) => roles.includes(role)).flatMap(({ declared, real }) => [declared, real]);
  return [message, ...evidence].some((text) => own.some((path) => text.split(/[\s,;()]+/u).includes(path)));
}

export interface Peer {
  readonly tenant: TenantId;
  /** The very same thing, by identity; otherwise only findings connect the two. */
  readonly same: boolean;
  readonly findings: readonly Finding[];
}

/** Tenants that share an item with this one, sorted; by equal keys, and by findings that name both. */
export function peersSharing(facts: Facts, about: readonly Finding[], tenant: TenantFacts, item: ChecklistItem): readonly Peer[] {
  const own = itemValue(facts, tenant, item);
  const keys = new Set(own.known ? own.value.keys : []);
  const telling = about.filter(
    ({ kind, verdict, accepted, tenants }) => kind === 'check' && tenants.length > 1 && (verdict === 'fail' || accepted !== undefined),
  );
  return facts.tenants
    .filter((other) => other.tenant !== tenant.tenant)
    .map((other) => {
      const theirs = itemValue(facts, other, item);
      const same = theirs.known && theirs.value.keys.some((key) => keys.has(key));
      return { tenant: other.tenant, same, findings: telling.filter(({ tenants }) => tenants.includes(other.tenant)) };
    })
    .filter(({ same, findings }) => same || findings.length > 0)
    .sort((left, right) => (left.tenant < right.tenant ? -1 : 1));
}
