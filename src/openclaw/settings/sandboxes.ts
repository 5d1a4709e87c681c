/** Source: openclaw 2026.9.6 `openclaw config schema` (agents.*.sandbox, tools.exec), docs/gateway/config-agents/sandbox.md, docs/tools/exec.md. */
import type { SandboxSettings, Setting } from '../../core/settings.ts';
import { isObject } from '../merge.ts';
import { at, expanded, textAt, textsAt, type SettingsSource } from './source.ts';

const MOST_AGENTS = 1000;

export function sandboxSettings(source: SettingsSource): readonly SandboxSettings[] {
  const entries = at(source.config, 'agents.entries');
  const agents = isObject(entries) ? Object.entries(entries).slice(0, MOST_AGENTS) : [];
  const own = agents.filter(([, entry]) => isObject(entry) && (entry['sandbox'] !== undefined || isObject(entry['tools']))).map(([id]) => id);
  const defaults = sandboxOf(source, 'agents.defaults', undefined);
  // An agent's id may hold dots, so its entry is read as a config of its own.
  return [defaults, ...own.map((id) => sandboxOf(entryOf(source, entries, id), `agents.entries.${id.slice(0, 100)}`, defaults))];
}

function entryOf(source: SettingsSource, entries: unknown, id: string): SettingsSource {
  return { ...source, config: isObject(entries) ? { entry: entries[id] } : {} };
}

/** What an agent leaves open is as in the defaults; binds of both count: docs/gateway/sandboxing/multiple-folders-for-one-agent.md. */
function sandboxOf(source: SettingsSource, key: string, defaults: SandboxSettings | undefined): SandboxSettings {
  const root = defaults === undefined ? 'agents.defaults' : 'entry';
  const named = (setting: Setting<string>): Setting<string> =>
    setting.from === 'default' ? setting : { ...setting, from: setting.from.replace(`config:${root}`, `config:${key}`) };
  const text = (rest: string, byDefault: Setting<string>): Setting<string> => {
    const found = named(textAt(source, `${root}.sandbox.${rest}`, byDefault.value));
    return found.from === 'default' ? byDefault : found;
  };
  const plain = (value: string): Setting<string> => ({ value, from: 'default' });
  const binds = ['docker.binds', 'browser.binds'].flatMap((rest) => textsAt(source, `${root}.sandbox.${rest}`).map(named));
  return {
    key,
    mode: text('mode', defaults?.mode ?? plain('off')),
    backend: text('backend', defaults?.backend ?? plain('docker')),
    scope: text('scope', defaults?.scope ?? plain('agent')),
    execHost: execHost(source, defaults, named),
    prefixes: [
      text('docker.containerPrefix', defaults?.prefixes[0] ?? plain('openclaw-sbx-')),
      text('browser.containerPrefix', defaults?.prefixes[1] ?? plain('openclaw-sbx-browser-')),
    ],
    binds: [...(defaults?.binds ?? []), ...binds.map((bind) => ({ ...bind, value: expanded(source, bindSource(bind.value)) }))],
  };
}

function execHost(
  source: SettingsSource,
  defaults: SandboxSettings | undefined,
  named: (setting: Setting<string>) => Setting<string>,
): Setting<string> {
  if (defaults === undefined) return textAt(source, 'tools.exec.host', 'auto');
  const own = named(textAt(source, 'entry.tools.exec.host', defaults.execHost.value));
  return own.from === 'default' ? defaults.execHost : own;
}

/** `SOURCE:TARGET[:OPTIONS]`. */
function bindSource(bind: string): string {
  return bind.split(':')[0] ?? bind;
}
