/** Names of environment variables and what they mean. Source: openclaw 2026.9.6 docs/help/environment.md, docs/gateway/secrets/integration-examples.md. */
import { CHANNELS } from '../channels/index.ts';

/** They let a tenant into a store of secrets: who has one reads all that it may read. */
const PRINCIPALS: Readonly<Record<string, string>> = {
  VAULT_TOKEN: 'vault',
  OP_SERVICE_ACCOUNT_TOKEN: '1password',
  OP_CONNECT_TOKEN: '1password-connect',
  BWS_ACCESS_TOKEN: 'bitwarden',
  BW_SESSION: 'bitwarden',
  AWS_ACCESS_KEY_ID: 'aws',
  AWS_SECRET_ACCESS_KEY: 'aws',
  AWS_SESSION_TOKEN: 'aws',
  AZURE_CLIENT_SECRET: 'azure',
  DOPPLER_TOKEN: 'doppler',
  INFISICAL_TOKEN: 'infisical',
  SOPS_AGE_KEY: 'age',
};

/** Credentials of model providers whose names do not end as the others do. */
const MODEL_NAME =
  /(?:_API_KEY|_API_KEYS|_OAUTH_TOKEN|_ADMIN_KEY|_TOKEN_PLAN_API_KEY|_CODE_PLAN_KEY|_CODING_API_KEY|_SPEECH_KEY|_API_SECRET|_API_TOKEN)$/;
const MODEL_NAMES: ReadonlySet<string> = new Set([
  'FAL_KEY',
  'SPEECH_KEY',
  'HF_TOKEN',
  'HUGGINGFACE_HUB_TOKEN',
  'COPILOT_GITHUB_TOKEN',
  'VOLCENGINE_TTS_TOKEN',
]);

const SECRET_NAME = /(?:TOKEN|SECRET|PASSWORD|PASSPHRASE|PASSWD|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?|_KEY)S?$/;

const OF_CHANNELS: ReadonlyMap<string, string> = new Map(
  CHANNELS.flatMap(({ channel, credentials, variables = {} }) =>
    Object.entries(variables).flatMap(([name, key]) => (credentials.includes(key) ? [[name, `channel:${channel}`] as const] : [])),
  ),
);

/** The role of the secret that a variable holds; undefined when its name does not say that it holds one. */
export function roleOfVariable(name: string): string | undefined {
  if (name === 'OPENCLAW_GATEWAY_TOKEN' || name === 'OPENCLAW_GATEWAY_PASSWORD') return 'gateway-token';
  const principal = Object.hasOwn(PRINCIPALS, name) ? PRINCIPALS[name] : undefined;
  if (principal !== undefined) return `principal:${principal}`;
  const channel = OF_CHANNELS.get(name);
  if (channel !== undefined) return channel;
  if (VISIBLE.has(name)) return undefined;
  if (MODEL_NAME.test(name) || MODEL_NAMES.has(name)) return `model:${name}`;
  return SECRET_NAME.test(name) ? `env:${name}` : undefined;
}

/** Names whose values may be told: they select places, accounts and servers, and hold no secret. */
export const VISIBLE_NAMES: readonly string[] = [
  'HOME',
  'TMPDIR',
  'XDG_CONFIG_HOME',
  'XDG_CACHE_HOME',
  'XDG_DATA_HOME',
  'XDG_RUNTIME_DIR',
  'NODE_COMPILE_CACHE',
  'OPENCLAW_HOME',
  'OPENCLAW_STATE_DIR',
  'OPENCLAW_CONFIG_PATH',
  'OPENCLAW_PROFILE',
  'OPENCLAW_WORKSPACE_DIR',
  'OPENCLAW_AGENT_DIR',
  'OPENCLAW_GATEWAY_PORT',
  'OPENCLAW_GATEWAY_URL',
  'OPENCLAW_DISABLE_BONJOUR',
  'OPENCLAW_INCLUDE_ROOTS',
  'OPENCLAW_OAUTH_DIR',
  'OPENCLAW_ALLOW_MULTI_GATEWAY',
  'OPENCLAW_CONFIG_READONLY',
  'OPENCLAW_LOAD_SHELL_ENV',
  'PATH',
  'DO_NOT_TRACK',
  'OPENCLAW_NO_AUTO_UPDATE',
  'OPENCLAW_TELEMETRY_ENDPOINT',
  'OPENCLAW_BUNDLED_PLUGINS_DIR',
  'OPENCLAW_BUNDLED_SKILLS_DIR',
  'npm_config_cache',
  'PLAYWRIGHT_BROWSERS_PATH',
  'OPENCLAW_DIAGNOSTICS_TIMELINE_PATH',
  'OPENCLAW_CACHE_TRACE_FILE',
  'OPENCLAW_RAW_STREAM_PATH',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT',
  'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT',
  'OPENCLAW_VAULT_AUTH_METHOD',
  'OPENCLAW_VAULT_AUTH_MOUNT',
  'OPENCLAW_VAULT_AUTH_ROLE',
  'OPENCLAW_VAULT_JWT_FILE',
  'OPENCLAW_VAULT_KV_MOUNT',
  'CODEX_HOME',
  'CLAUDE_CONFIG_DIR',
  'GH_CONFIG_DIR',
  'AWS_CONFIG_FILE',
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_PROFILE',
  'AWS_ROLE_ARN',
  'CLOUDSDK_CONFIG',
  'GOOGLE_APPLICATION_CREDENTIALS',
  'GOOGLE_CHAT_SERVICE_ACCOUNT_FILE',
  'GOOGLE_CLOUD_PROJECT',
  'GCLOUD_PROJECT',
  'DBUS_SESSION_BUS_ADDRESS',
  'SSH_AUTH_SOCK',
  'GNUPGHOME',
  'GPG_AGENT_INFO',
  'VAULT_ADDR',
  'VAULT_NAMESPACE',
  'VAULT_TOKEN_FILE',
  ...CHANNELS.flatMap(({ credentials, variables = {} }) =>
    Object.entries(variables).flatMap(([name, key]) =>
      credentials.includes(key) || /password|secret|token|url$/i.test(key) || name.includes('PASSWORD') ? [] : [name],
    ),
  ),
];

export const VISIBLE: ReadonlySet<string> = new Set(VISIBLE_NAMES);
