/**
 * What one gateway tells its callers apart by. Source: openclaw 2026.9.6 `openclaw config schema` (hooks.*, session.*, bindings, gateway.roles,
 * gateway.auth.identityScopes), docs/gateway/openai-http-api.md (model names select agents).
 */
import type { RouteSettings } from '../../core/place-settings.ts';
import type { Setting } from '../../core/settings.ts';
import { isObject, type Json } from '../merge.ts';
import { agentsIn, type AgentEntry } from './places.ts';
import { at, listAt, type SettingsSource } from './source.ts';

const MOST = 500;

export function routeSettings(source: SettingsSource): RouteSettings {
  const { config } = source;
  const agents = agentsIn(config);
  return {
    agents: agents.map(({ id, key }) => ({ value: id, from: `config:${key}` })),
    sessions: sessionsOf(source),
    models: modelsOf(config, agents),
    identities: identitiesOf(source),
  };
}

function sessionsOf(source: SettingsSource): readonly Setting<string>[] {
  const { config } = source;
  const prefixes = each(listAt(source, 'hooks.allowedSessionKeyPrefixes'));
  const mappings = listOf(at(config, 'hooks.mappings')).flatMap((mapping, index) => named(mapping, 'sessionKey', `hooks.mappings.${index}`));
  const bindings = listOf(at(config, 'bindings')).flatMap((binding, index) => named(binding['session'], 'dmScope', `bindings.${index}.session`));
  const links = keysOf(config, 'session.identityLinks');
  const scopes = ['hooks.defaultSessionKey', 'session.dmScope', 'session.mainKey'].flatMap((key) => text(at(config, key), key));
  return [...prefixes, ...mappings, ...bindings, ...links, ...scopes];
}

function modelsOf(config: Readonly<Json>, agents: readonly AgentEntry[]): readonly Setting<string>[] {
  const providers = entriesOf(at(config, 'models.providers'));
  const listed = providers.flatMap(([name, provider]) => {
    const key = `models.providers.${name}`;
    const models = isObject(provider) ? listOf(provider['models']) : [];
    return [{ value: name, from: 'config:models.providers' }, ...models.flatMap((model, index) => named(model, 'id', `${key}.models.${index}`))];
  });
  const catalogues = [
    ['agents.defaults', at(config, 'agents.defaults.models')] as const,
    ...agents.map(({ key, entry }) => [key, entry['models']] as const),
  ];
  const aliases = catalogues.flatMap(([key, models]) => entriesOf(models).flatMap(([name, model]) => named(model, 'alias', `${key}.models.${name}`)));
  return [...listed, ...aliases].slice(0, MOST);
}

function identitiesOf(source: SettingsSource): readonly Setting<string>[] {
  const { config } = source;
  const keyed = ['gateway.auth.identityScopes', 'gateway.roles.definitions'].flatMap((key) => keysOf(config, key));
  return [...keyed, ...each(listAt(source, 'gateway.auth.trustedProxy.allowUsers'))].slice(0, MOST);
}

function each({ value, from }: Setting<readonly string[]>): readonly Setting<string>[] {
  return value.slice(0, MOST).map((item) => ({ value: item, from }));
}

function keysOf(config: Readonly<Json>, key: string): readonly Setting<string>[] {
  return entriesOf(at(config, key)).map(([name]) => ({ value: name, from: `config:${key}` }));
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return isObject(value) ? Object.entries(value).slice(0, MOST) : [];
}

function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.slice(0, MOST).filter(isObject) : [];
}

function named(value: unknown, name: string, key: string): readonly Setting<string>[] {
  return isObject(value) ? text(value[name], `${key}.${name}`) : [];
}

function text(value: unknown, key: string): readonly Setting<string>[] {
  return typeof value === 'string' && value !== '' ? [{ value, from: `config:${key}` }] : [];
}
