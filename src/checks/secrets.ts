/** Equal secrets at two tenants: by digest under the key of the run, or by the place both name. */
import type { Facts } from '../core/facts.ts';
import { sharedBy, type Shared } from './join.ts';

export function sharedSecrets(facts: Facts, isWanted: (role: string) => boolean): readonly Shared[] {
  return sharedBy(facts.tenants, ({ host, secrets }) =>
    (secrets.known ? secrets.value : [])
      .filter(({ role }) => isWanted(role))
      .flatMap(({ location, digest }) => {
        // What is declared lies at the operator's; what is observed lies on the tenant's own host.
        const place = facts.phase === 'desired' ? location : `${host} ${location}`;
        return [{ key: `place ${place}`, where: location }, ...(digest === undefined ? [] : [{ key: `digest ${digest}`, where: location }])];
      }),
  );
}
