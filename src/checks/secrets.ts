/** Equal secrets at two tenants: by digest under the key of the run, or by the place both name. */
import type { Facts, TenantFacts } from '../core/facts.ts';
import type { SecretFact } from '../core/secret-facts.ts';
import { inCommon, sharedBy, type Holding, type Shared } from './join.ts';

export function sharedSecrets(facts: Facts, isWanted: (role: string) => boolean): readonly Shared[] {
  return sharedBy(withCommonSecrets(facts), (tenant) =>
    secretsOf(tenant)
      .filter(({ role }) => isWanted(role))
      .flatMap((secret) => holdingsOf(secret, tenant, facts)),
  );
}

const withCommonSecrets = inCommon((tenant, facts) => secretsOf(tenant).flatMap((secret) => holdingsOf(secret, tenant, facts)));

function holdingsOf({ location, digest }: SecretFact, tenant: TenantFacts, facts: Facts): readonly Holding[] {
  const place = placeOf(facts, tenant, location);
  return [
    // A place has a colon in it, a digest has none.
    ...(place === undefined ? [] : [{ key: place, where: location }]),
    ...(digest === undefined ? [] : [{ key: digest, where: location }]),
  ];
}

export function secretsOf({ secrets }: TenantFacts): readonly SecretFact[] {
  return secrets.known ? secrets.value : [];
}

/** What is declared lies at the operator's; a file or a cluster's Secret that is observed, on the tenant's own host. A tenant's own variable or config key is no common place. */
function placeOf({ phase }: Facts, { host }: TenantFacts, location: string): string | undefined {
  if (phase === 'desired') return location.startsWith('config:') ? undefined : location;
  return /^(?:file|secret):/.test(location) ? `${host} ${location}` : undefined;
}
