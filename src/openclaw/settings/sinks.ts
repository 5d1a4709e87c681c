/** Source: openclaw 2026.9.6 docs/gateway/opentelemetry/configuration.md, docs/diagnostics/flags.md, docs/reference/prompt-caching.md, docs/help/debugging.md. */
import type { SinkSetting } from '../../core/settings.ts';
import { isObject } from '../merge.ts';
import { at, expanded, textAt, variable, type SettingsSource } from './source.ts';

const SIGNALS = ['traces', 'metrics', 'logs'] as const;
const FILES = ['OPENCLAW_DIAGNOSTICS_TIMELINE_PATH', 'OPENCLAW_CACHE_TRACE_FILE', 'OPENCLAW_RAW_STREAM_PATH'] as const;

export function sinkSettings(source: SettingsSource): readonly SinkSetting[] {
  return [...(at(source.config, 'diagnostics.otel.enabled') === true ? collectors(source) : []), ...files(source)];
}

/** Each signal's own endpoint, else the common one; the config before the environment. */
function collectors(source: SettingsSource): readonly SinkSetting[] {
  const credentials = credentialsOf(at(source.config, 'diagnostics.otel.headers'));
  const first = (key: string, name: string): SinkSetting | undefined => {
    const inConfig = textAt(source, key, '');
    const found = inConfig.value === '' ? variable(source, name) : inConfig;
    return found === undefined ? undefined : { kind: 'otlp', ...found, value: endpoint(found.value), ...credentials };
  };
  const common = first('diagnostics.otel.endpoint', 'OTEL_EXPORTER_OTLP_ENDPOINT');
  const found = SIGNALS.map((signal) => first(`diagnostics.otel.${signal}Endpoint`, `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT`) ?? common);
  return [...new Set(found)].filter((sink) => sink !== undefined);
}

/** Its origin: scheme, host and port in one spelling, without a user or a path. */
function endpoint(text: string): string {
  if (!URL.canParse(text)) return text.replace(/\/\/[^/@]*@/, '//').slice(0, 300);
  const { protocol, hostname, port } = new URL(text);
  return `${protocol}//${hostname}:${port === '' ? (protocol === 'https:' ? '443' : '80') : port}`;
}

function credentialsOf(headers: unknown): { readonly credentials?: string } {
  if (headers === undefined) return { credentials: '' };
  if (!isObject(headers)) return {};
  const parts = Object.entries(headers)
    .slice(0, 100)
    .map(([name, value]) => {
      const text = isObject(value) && typeof value['masked'] === 'string' ? value['masked'] : reference(value);
      return text === undefined ? undefined : `${name.toLowerCase()}=${text}`;
    });
  const told = parts.filter((part) => part !== undefined).toSorted();
  return told.length < parts.length ? {} : { credentials: told.join(' ') };
}

/** `${NAME}`: the same variable is the same source. */
function reference(value: unknown): string | undefined {
  return typeof value === 'string' && /^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/.test(value) ? value : undefined;
}

function files(source: SettingsSource): readonly SinkSetting[] {
  return FILES.flatMap((name) => {
    const path = variable(source, name);
    return path === undefined ? [] : [{ kind: 'file', value: expanded(source, path.value), from: path.from, credentials: '' } as const];
  });
}
