/** Whose channel accounts are whose: what manifest, tokens, stored logins and providers say of each tenant, as rows and as facts to judge. Pure. */
import type { Finding } from '../core/check.ts';
import { known, type Facts } from '../core/facts.ts';
import type { ChannelIdentity } from '../core/secret-facts.ts';
import type { TenantId } from '../core/words.ts';

/** `config`: said there in the clear; `login`: kept by the gateway itself, as WhatsApp's linked device is. */
export type KnownBy = 'declared' | 'config' | 'token' | 'login' | 'online';

export interface AccountRow {
  readonly tenant: TenantId;
  readonly channel: string;
  readonly kind?: 'place' | 'store';
  /** Absent: only its provider could tell. */
  readonly account?: string;
  /** All ways, strongest last. */
  readonly knownBy: readonly KnownBy[];
  readonly locations: readonly string[];
}

export interface AccountSources {
  readonly desired: Facts;
  /** Of the tenants that are built. */
  readonly observed?: Facts;
  readonly online: readonly { readonly tenant: TenantId; readonly channel: string; readonly accounts: readonly string[]; readonly server: string }[];
  /** Where secrets of the manifest lie, as locations: whatever else is read as a file is a login. */
  readonly secretPlaces: ReadonlySet<string>;
}

const ORDER: readonly KnownBy[] = ['declared', 'config', 'token', 'login', 'online'];

type Seen = ChannelIdentity & { readonly tenant: TenantId; readonly knownBy: KnownBy };

export function accountRows(sources: AccountSources): readonly AccountRow[] {
  const rows = new Map<string, Seen[]>();
  const all = everyIdentity(sources);
  const named = new Set(
    all.flatMap(({ tenant, channel, account, kind }) => (account === undefined || kind !== undefined ? [] : [`${tenant} ${channel}`])),
  );
  for (const seen of all) {
    // A source says nothing more once the account is known by name.
    if (seen.account === undefined && named.has(`${seen.tenant} ${seen.channel}`)) continue;
    const key = `${seen.tenant} ${seen.channel} ${seen.kind ?? ''} ${seen.account ?? ''}`;
    rows.set(key, [...(rows.get(key) ?? []), seen]);
  }
  const order = sources.desired.tenants.map(({ tenant }) => tenant);
  const inOrder = [...rows.values()].toSorted(([left], [right]) => order.indexOf(left?.tenant ?? '') - order.indexOf(right?.tenant ?? ''));
  return inOrder.flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { tenant, channel, account, kind } = first;
    const ways = new Set(group.map(({ knownBy }) => knownBy));
    return [
      {
        tenant,
        channel,
        ...(kind === undefined ? {} : { kind }),
        ...(account === undefined ? {} : { account }),
        knownBy: ORDER.filter((way) => ways.has(way)),
        locations: [...new Set(group.map(({ location }) => location))],
      },
    ];
  });
}

/** The desired facts, with all that is known of accounts. */
export function factsToJudge(sources: AccountSources): Facts {
  const all = everyIdentity(sources);
  const tenants = sources.desired.tenants.map((tenant) => ({
    ...tenant,
    identities: known(
      all.filter((one) => one.tenant === tenant.tenant).map(({ tenant: _tenant, knownBy: _knownBy, ...identity }): ChannelIdentity => identity),
      'declared, read and asked',
    ),
  }));
  return { ...sources.desired, tenants };
}

/** Findings that say that two tenants have one account; a place where accounts meet, and people who may write to both, are no account. */
export function sharedAccounts(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(
    ({ id, verdict, tenants }) =>
      verdict === 'fail' && tenants.length > 1 && /^channel\.(?:.+)-shared$/.test(id) && id !== 'channel.slack-workspace-shared',
  );
}

function everyIdentity({ desired, observed, online, secretPlaces }: AccountSources): readonly Seen[] {
  const of = (facts: Facts | undefined): readonly Seen[] =>
    (facts?.tenants ?? []).flatMap(({ tenant, identities }) =>
      (identities.known ? identities.value : []).map((identity) => ({ ...identity, tenant, knownBy: wayOf(identity, secretPlaces) })),
    );
  const asked = online.flatMap(({ tenant, channel, accounts, server }) =>
    accounts.map((account): Seen => ({ tenant, channel, account, location: `online:${server}`, reference: `account:${account}`, knownBy: 'online' })),
  );
  return [...of(desired), ...of(observed), ...asked];
}

function wayOf({ location }: ChannelIdentity, secretPlaces: ReadonlySet<string>): KnownBy {
  if (location.startsWith('manifest:')) return 'declared';
  if (location.startsWith('config:')) return 'config';
  return location.startsWith('file:') && !secretPlaces.has(location) ? 'login' : 'token';
}
