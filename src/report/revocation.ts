/** What is to be killed of one tenant, and by whom: by Bulkhead, by its provider, by whoever runs a program with its token. Pure. */
import type { TenantFacts } from '../core/facts.ts';
import type { ChannelIdentity, LoginFact, SecretFact } from '../core/secret-facts.ts';
import { keyPage, revokePage } from '../openclaw/revoke-pages.ts';

export interface AtProvider {
  /** `telegram`, `anthropic`. */
  readonly provider: string;
  /** Account id; absent where the secret does not tell it or is not provided here. */
  readonly account?: string;
  /** Where the credential comes from or lies. */
  readonly location: string;
  /** Page of the provider, and what to press there. */
  readonly page: string;
}

export interface Client {
  readonly name: string;
  readonly kind: string;
  readonly withUsers: boolean;
}

export interface Revocation {
  readonly tenant: string;
  readonly atProviders: readonly AtProvider[];
  readonly clients: readonly Client[];
  /** What could not be looked for. */
  readonly unseen: readonly string[];
}

interface RevocationInput {
  /** Both of one tenant; an account that both know is told once. */
  readonly declared: TenantFacts;
  readonly observed: TenantFacts;
  /** Where Bulkhead put what the manifest provides: copies of what `declared` tells. */
  readonly ownFiles: ReadonlySet<string>;
  readonly clients: readonly Client[];
}

export function revocationOf({ declared, observed, ownFiles, clients }: RevocationInput): Revocation {
  const unseen: string[] = [];
  const seen: AtProvider[] = [];
  for (const facts of [declared, observed]) {
    if (facts.identities.known) seen.push(...facts.identities.value.map(ofIdentity));
    else unseen.push(`channel accounts: ${facts.identities.why}`);
    if (facts.secrets.known) seen.push(...facts.secrets.value.filter(({ location }) => !ownFiles.has(location)).flatMap(ofSecret));
    else unseen.push(`secrets: ${facts.secrets.why}`);
  }
  if (observed.logins.known) seen.push(...observed.logins.value.map(ofLogin));
  else unseen.push(`logins: ${observed.logins.why}`);
  return { tenant: declared.tenant, atProviders: once(seen, ownFiles), clients, unseen };
}

/** By account. A credential that does not tell its account stays, unless one from the same place does. */
function once(seen: readonly AtProvider[], ownFiles: ReadonlySet<string>): readonly AtProvider[] {
  const told = new Set(seen.filter(({ account }) => account !== undefined).map(({ location }) => location));
  const found = new Map<string, AtProvider>();
  for (const one of seen) {
    if (one.account === undefined && (told.has(one.location) || ownFiles.has(one.location))) continue;
    const key = `${one.provider}\0${one.account ?? one.location}`;
    if (!found.has(key)) found.set(key, one);
  }
  return [...found.values()];
}

function ofIdentity({ channel, account, location }: ChannelIdentity): AtProvider {
  return { provider: channel, ...(account === undefined ? {} : { account }), location, page: revokePage(channel) };
}

function ofSecret({ role, location }: SecretFact): readonly AtProvider[] {
  const [kind, name = ''] = role.split(':');
  if (kind === 'model') return [{ provider: name, location, page: keyPage(name) }];
  return kind === 'channel' ? [{ provider: name, location, page: revokePage(name) }] : [];
}

function ofLogin({ provider, account, location }: LoginFact): AtProvider {
  return { provider, account, location, page: `the account ${account} at ${provider}: sign out all its sessions` };
}
