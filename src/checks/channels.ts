/** Channel accounts at two tenants: by the provider's own id of the account, by the credential, by the source that both name. */
import type { Check, Violation } from '../core/check.ts';
import type { Facts, TenantFacts } from '../core/facts.ts';
import type { ChannelIdentity } from '../core/secret-facts.ts';
import { inCommon, sharedBy, sharing, type Holding } from './join.ts';
import { sharedPlaces } from './places.ts';

/** What the checks of one provider's accounts have in common. */
export const ACCOUNT_CHECK = {
  needs: ['identities'],
  phases: ['desired', 'observed'],
  item: 'channel-credentials',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
} as const satisfies Partial<Check>;

export interface Wanted {
  readonly channels: readonly string[] | ((channel: string) => boolean);
  /** Absent: the account itself. */
  readonly kind?: 'place' | 'store';
}

export function* sharedIdentities(facts: Facts, { channels, kind }: Wanted, what: string): Iterable<Violation> {
  const isWanted = typeof channels === 'function' ? channels : (channel: string) => channels.includes(channel);
  const groups = sharedBy(withCommonIdentities(facts), (tenant) =>
    identitiesOf(tenant)
      .filter((identity) => identity.kind === kind && isWanted(identity.channel))
      .flatMap((identity) => holdings(tenant, identity, facts.phase)),
  );
  for (const group of groups) yield sharing(group, what);
}

/** Directories that hold accounts of a channel. */
export function* sharedStores(facts: Facts, channel: string, what: string): Iterable<Violation> {
  for (const group of sharedPlaces(facts, (place) => place === `channel:${channel}`)) yield sharing(group, what);
}

const withCommonIdentities = inCommon((tenant, { phase }) => identitiesOf(tenant).flatMap((identity) => holdings(tenant, identity, phase)));

function identitiesOf({ identities }: TenantFacts): readonly ChannelIdentity[] {
  return identities.known ? identities.value : [];
}

function holdings(tenant: TenantFacts, { channel, kind, account, reference, location }: ChannelIdentity, phase: Facts['phase']): readonly Holding[] {
  const found: Holding[] = [];
  if (account !== undefined) {
    const scope = kind === 'store' ? scopeOf(tenant, account) : '';
    found.push({ key: `${channel} account ${account}${scope}`, where: `${channel} ${account} (${location})` });
  }
  if (reference === '' || reference.startsWith('account:')) return found;
  // A digest is the credential itself; a source that is declared is the operator's; a place that is observed is on the tenant's own host.
  const place = reference.startsWith('digest:') || phase === 'desired' ? '' : `${tenant.host} `;
  return [...found, { key: `${place}${channel} source ${reference}`, where: location }];
}

/** What is local is somebody's only on one host, in one network namespace, of one OS user. */
function scopeOf({ tenant, host, ports, user }: TenantFacts, account: string): string {
  if (account === 'local') return ` of ${host} ${user.known ? (user.value.uid ?? user.value.name) : tenant}`;
  if (!/^daemon (?:localhost|127\.|\[::1\])/.test(account)) return '';
  const namespace = ports.known && ports.value.namespace !== 'own' ? ports.value.namespace : `of ${tenant}`;
  return ` on ${host} ${namespace}`;
}
