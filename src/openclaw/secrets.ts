/** The secret files of a tenant, and how its config refers to them. Source: openclaw 2026.9.6 docs/gateway/secrets.md (file provider). */
import type { TenantPaths } from '../core/blueprint.ts';
import type { Channel, ModelProvider, SecretSource } from '../core/fleet.ts';

/** `generated`: Bulkhead makes it once, on the host, and nobody else needs to know it. */
export interface SecretFile {
  /** `gateway-token`, `channel:telegram`, `model:<provider>`: the roles of core/facts.ts. A further secret of a channel adds its name: `channel:slack:appToken`. */
  readonly role: string;
  readonly file: string;
  readonly source: SecretSource | 'generated';
}

export const GATEWAY_TOKEN_ROLE = 'gateway-token';

/** Every secret file that a tenant's config refers to. Takes a blueprint, or the parts of one. */
export function secretFiles(of: {
  readonly paths: TenantPaths;
  readonly channels: readonly Channel[];
  readonly models: readonly ModelProvider[];
  /** Bulkhead did not build it: it has none of ours. */
  readonly found?: true;
}): readonly SecretFile[] {
  if (of.found === true) return [];
  return [
    { role: GATEWAY_TOKEN_ROLE, file: gatewayTokenFile(of.paths), source: 'generated' },
    ...of.channels.flatMap((channel) =>
      channel.secrets.map(({ field, source }, at): SecretFile => ({
        role: `channel:${channel.kind}${at === 0 ? '' : `:${field}`}`,
        file: channelSecretFile(of.paths, channel, field),
        source,
      })),
    ),
    ...of.models.map((model): SecretFile => ({ role: `model:${model.provider}`, file: modelSecretFile(of.paths, model), source: model.apiKey })),
  ];
}

export function gatewayTokenFile(paths: TenantPaths): string {
  return `${paths.secretsDir}/gateway-token`;
}

/** The name is an alias of a provider in OpenClaw's config too: lower case. */
export function channelSecretFile(paths: TenantPaths, { kind, secrets }: Channel, field: string): string {
  return `${paths.secretsDir}/channel-${kind}${secrets[0]?.field === field ? '' : `-${field.toLowerCase()}`}`;
}

export function modelSecretFile(paths: TenantPaths, model: ModelProvider): string {
  return `${paths.secretsDir}/model-${secretName(model.provider)}`;
}

/** One path segment and one provider alias of OpenClaw (`^[a-z][a-z0-9_-]{0,63}$` once prefixed); injective, so that no two providers share a file. */
export function secretName(provider: string): string {
  if (/^[a-z0-9-]*$/.test(provider)) return provider;
  return [...provider].map((char) => (/[a-z0-9-]/.test(char) ? char : `_${char.codePointAt(0)?.toString(16) ?? ''}_`)).join('');
}

/** A reference to the one value of a file provider, and the provider it needs. */
export function fileSecret(alias: string, path: string): { readonly ref: Record<string, unknown>; readonly provider: Record<string, unknown> } {
  return { ref: { source: 'file', provider: alias, id: 'value' }, provider: { [alias]: { source: 'file', path, mode: 'singleValue' } } };
}
