/** Config and environment to `Settings`: one file per part of core/settings.ts. */
import type { Settings } from '../../core/settings.ts';
import { codeRootSettings } from './code-roots.ts';
import { networkSettings } from './network.ts';
import { sandboxSettings } from './sandboxes.ts';
import { sinkSettings } from './sinks.ts';
import type { SettingsSource } from './source.ts';
import { telemetrySettings } from './telemetry.ts';
import { toolSettings } from './tools.ts';

export function readSettings(source: SettingsSource): Settings {
  return {
    network: networkSettings(source),
    tools: toolSettings(source),
    sandboxes: sandboxSettings(source),
    codeRoots: codeRootSettings(source),
    sinks: sinkSettings(source),
    telemetry: telemetrySettings(source),
  };
}
