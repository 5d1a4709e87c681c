/** Source: openclaw 2026.9.6 `openclaw config schema` (models.providers.*), docs/gateway/authentication.md (Codex homes). */
import type { ModelSettings } from '../../core/settings.ts';
import { isObject } from '../merge.ts';
import { originOf } from './address.ts';
import { at, flagAt, type SettingsSource } from './source.ts';

/** Headers by which OpenAI tells whose quota counts, and variables that select a project. */
const HEADERS = ['OpenAI-Organization', 'OpenAI-Project'];
const PROJECTS: Readonly<Record<string, string>> = { GOOGLE_CLOUD_PROJECT: 'google', GCLOUD_PROJECT: 'google', AWS_ROLE_ARN: 'amazon-bedrock' };

export function modelSettings(source: SettingsSource): ModelSettings {
  const providers = at(source.config, 'models.providers');
  const entries = isObject(providers)
    ? Object.entries(providers).filter((entry): entry is [string, Record<string, unknown>] => isObject(entry[1]))
    : [];
  const endpoints = entries.flatMap(([provider, { baseUrl }]) => {
    const url = originOf(baseUrl);
    return url === undefined ? [] : [{ provider, url, from: `config:models.providers.${provider}.baseUrl` }];
  });
  const byHeader = entries.flatMap(([provider, { headers }]) =>
    !isObject(headers)
      ? []
      : HEADERS.flatMap((name) => {
          const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
          return typeof found === 'string'
            ? [{ provider, account: `${name} ${found.trim()}`, from: `config:models.providers.${provider}.headers.${name}` }]
            : [];
        }),
  );
  const byVariable = Object.entries(PROJECTS).flatMap(([name, provider]) => {
    const value = source.environment[name];
    return value === undefined || value === '' ? [] : [{ provider, account: `project ${value}`, from: `env:${name}` }];
  });
  const home = at(source.config, 'plugins.entries.codex.config.appServer.homeScope');
  return {
    endpoints,
    organizations: [...byHeader, ...byVariable],
    codexUserHome: flagAt('config:plugins.entries.codex.config.appServer.homeScope', home === undefined ? undefined : home === 'user'),
  };
}
