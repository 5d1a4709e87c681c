/** What is to be killed of one tenant, and by whom: by Bulkhead, by its provider, by whoever runs a program with its token. Pure. */
import type { TenantFacts } from '../core/facts.ts';
import { revokePage } from '../openclaw/channels/revoke-pages.ts';
import { keyPage } from '../openclaw/model-pages.ts';

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
  const found = new Map<string, AtProvider>();
  const unseen: string[] = [];
  const add = (one: AtProvider): void => {
    const key = `${one.provider}\0${one.account ?? one.location}`;
    if (!found.has(key)) found.set(key, one);
  };
  for (const facts of [declared, observed]) {
    if (!facts.identities.known) unseen.push(`channel accounts: ${facts.identities.why}`);
    else {
      for (const { channel, account, location } of facts.identities.value)
        add({ provider: channel, location, page: revokePage(channel), ...(account === undefined ? {} : { account }) });
    }
    if (!facts.secrets.known) unseen.push(`secrets: ${facts.secrets.why}`);
    else {
      for (const { role, location } of facts.secrets.value) {
        if (ownFiles.has(location)) continue;
        const [kind, name = ''] = role.split(':');
        if (kind === 'model') add({ provider: name, location, page: keyPage(name) });
        const isTold = [...found.values()].some(({ provider }) => provider === name);
        if (kind === 'channel' && !isTold) add({ provider: name, location, page: revokePage(name) });
      }
    }
  }
  if (!observed.logins.known) unseen.push(`logins: ${observed.logins.why}`);
  else
    for (const { provider, account, location } of observed.logins.value)
      add({ provider, account, location, page: `the account ${account} of ${provider}: sign out all sessions` });
  return { tenant: declared.tenant, atProviders: [...found.values()], clients, unseen };
}
