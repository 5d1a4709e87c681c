/** Config and environment to `Settings`: one file per part of core/settings.ts. */
import type { Settings } from '../../core/settings.ts';
import { browserSettings } from './browser.ts';
import { channelSettings } from './channels.ts';
import { codeRootSettings } from './code-roots.ts';
import { mcpServers } from './mcp.ts';
import { modelSettings } from './models.ts';
import { networkSettings } from './network.ts';
import { placeSettings } from './places.ts';
import { routeSettings } from './routes.ts';
import { proxySettings } from './proxy.ts';
import { sandboxSettings } from './sandboxes.ts';
import { shellImport } from './shell-import.ts';
import { sinkSettings } from './sinks.ts';
import type { SettingsSource } from './source.ts';
import { telemetrySettings } from './telemetry.ts';
import { toolSettings } from './tools.ts';

export function readSettings(source: SettingsSource): Settings {
  return {
    browser: browserSettings(source),
    network: networkSettings(source),
    proxy: proxySettings(source),
    places: placeSettings(source),
    routes: routeSettings(source),
    tools: toolSettings(source),
    models: modelSettings(source),
    mcp: { servers: mcpServers(source) },
    channels: channelSettings(source),
    shellImport: shellImport(source),
    sandboxes: sandboxSettings(source),
    codeRoots: codeRootSettings(source),
    sinks: sinkSettings(source),
    telemetry: telemetrySettings(source),
  };
}
