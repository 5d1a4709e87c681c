/** Directories, sockets and environment files that two tenants have in common: the same real path or the same object on one host. */
import type { Facts, TenantFacts } from '../core/facts.ts';
import type { PlaceFact } from '../core/secret-facts.ts';
import type { HostId } from '../core/words.ts';
import { inCommon, sharedBy, type Holding, type Shared } from './join.ts';

export function sharedPlaces(facts: Facts, isWanted: (what: string) => boolean): readonly Shared[] {
  return sharedBy(withCommonPlaces(facts), (tenant) =>
    placesOf(tenant)
      .filter(({ what }) => isWanted(what))
      .flatMap((place) => holdingsOf(tenant.host, place)),
  );
}

const withCommonPlaces = inCommon((tenant) => placesOf(tenant).flatMap((place) => holdingsOf(tenant.host, place)));

function placesOf({ places }: TenantFacts): readonly PlaceFact[] {
  return places.known ? places.value : [];
}

export function sharedEnvironmentFiles(facts: Facts): readonly Shared[] {
  return sharedBy(facts.tenants, ({ host, environment }) =>
    (environment.known ? environment.value.files : []).flatMap((place) => holdingsOf(host, place)),
  );
}

function holdingsOf(host: HostId, { what, declared, real, identity }: PlaceFact): readonly Holding[] {
  const where = `${what.replace(/^[a-z]+:/, '')}: ${declared === real ? declared : `${declared} is ${real}`}`;
  // A path and a device with an inode are told apart by their form.
  return [{ space: host, key: real, where }, ...(identity === undefined ? [] : [{ space: host, key: identity, where }])];
}
