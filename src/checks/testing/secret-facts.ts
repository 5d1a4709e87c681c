/** Facts about secrets that tests put in place of clean ones: at one tenant, or the same at both. */
import { known, type Facts, type TenantFacts } from '../../core/facts.ts';
import type { ChannelIdentity, LoginFact, PlaceFact, SecretFact, SecretReference, VariableFact } from '../../core/secret-facts.ts';
import type { Settings } from '../../core/settings.ts';
import { observedFacts } from './clean-facts.ts';

type Change = (tenant: TenantFacts) => Partial<TenantFacts>;

export function atAcme(change: Change): Facts {
  return observedFacts({}, { acme: change });
}

export function atBoth(change: Change): Facts {
  return observedFacts({}, { acme: change, globex: change });
}

export function plusSecrets(...more: readonly SecretFact[]): Change {
  return ({ secrets }) => ({ secrets: known([...(secrets.known ? secrets.value : []), ...more], 'test') });
}

export function plusIdentities(...more: readonly ChannelIdentity[]): Change {
  return ({ identities }) => ({ identities: known([...(identities.known ? identities.value : []), ...more], 'test') });
}

export function plusReferences(...more: readonly SecretReference[]): Change {
  return ({ references }) => ({ references: known([...(references.known ? references.value : []), ...more], 'test') });
}

export function plusPlaces(...more: readonly PlaceFact[]): Change {
  return ({ places }) => ({ places: known([...(places.known ? places.value : []), ...more], 'test') });
}

export function plusVariables(...more: readonly VariableFact[]): Change {
  return ({ environment }) => ({
    environment: environment.known ? known({ ...environment.value, variables: [...environment.value.variables, ...more] }, 'test') : environment,
  });
}

export function plusLogins(...more: readonly LoginFact[]): Change {
  return () => ({ logins: known(more, 'test') });
}

export function plusSettings(change: (settings: Settings) => Partial<Settings>): Change {
  return ({ settings }) => (settings.known ? { settings: known({ ...settings.value, ...change(settings.value) }, 'test') } : {});
}

/** An account of a channel as its provider's rules tell it. */
export function account(channel: string, name: string, more: Partial<ChannelIdentity> = {}): ChannelIdentity {
  return { channel, account: name, location: `config:channels.${channel}`, reference: `account:${name}`, ...more };
}

/** A credential that tells nothing of its account. */
export function credential(channel: string, digest: string): ChannelIdentity {
  return { channel, location: `config:channels.${channel}`, reference: `digest:${digest}` };
}

export function secret(role: string, digest: string, more: Partial<SecretFact> = {}): SecretFact {
  return { role, location: `config:${role}`, digest, means: 'config', ...more };
}

export function variable(name: string, more: Partial<VariableFact> = {}): VariableFact {
  return { name, layer: 'process', location: `env:${name}`, secret: false, declared: false, ...more };
}
