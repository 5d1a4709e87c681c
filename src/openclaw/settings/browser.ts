/** Source: openclaw 2026.9.6 `openclaw config schema` (browser.*), docs/tools/browser/{configuration,existing-session}.md. */
import { endpointOf, endpointText, hostOf } from '../../core/endpoint.ts';
import type { BrowserSettings, Setting } from '../../core/settings.ts';
import { isMasked } from '../credentials/walk.ts';
import { isObject, type Json } from '../merge.ts';
import { listOf, OFF, section, switchOf } from './section.ts';
import type { SettingsSource } from './source.ts';

/** Built in: attaches to the Chrome of the OS user. */
const SIGNED_IN_PROFILE = 'user';
const SIGNED_IN_DRIVERS: readonly unknown[] = ['existing-session', 'extension'];

const ON: Setting<boolean> = { value: true, from: 'default' };
const NONE: readonly Setting<string>[] = [];
const NO_PROFILES: readonly (readonly [string, Json])[] = [];

export function browserSettings({ config }: SettingsSource): BrowserSettings {
  const browser = section(config, 'browser');
  const profiles = profilesOf(browser['profiles']);
  return {
    enabled: switchOf(browser['enabled'], 'browser.enabled', ON),
    sandbox: sandboxOf(browser),
    privateNetwork: privateNetworkOf(browser['ssrfPolicy']),
    signedIn: signedInOf(browser['defaultProfile'], profiles),
    endpoints: [...endpointAt('browser.cdpUrl', browser['cdpUrl']), ...profiles.flatMap(([key, profile]) => endpointsOf(key, profile))],
    debuggingPorts: profiles.flatMap(([key, { cdpPort }]) =>
      typeof cdpPort === 'number' && Number.isInteger(cdpPort) ? [{ value: cdpPort, from: `config:${key}.cdpPort` }] : [],
    ),
    directories: profiles.flatMap(([key, { userDataDir }]) =>
      typeof userDataDir === 'string' ? [{ value: userDataDir, from: `config:${key}.userDataDir` }] : [],
    ),
  };
}

function profilesOf(profiles: unknown): readonly (readonly [string, Json])[] {
  if (!isObject(profiles)) return NO_PROFILES;
  return Object.entries(profiles)
    .slice(0, 200)
    .flatMap(([name, profile]): (readonly [string, Json])[] => (isObject(profile) ? [[`browser.profiles.${name}`, profile]] : []));
}

function sandboxOf(browser: Readonly<Json>): Setting<boolean> {
  const { value: args } = listOf(browser['extraArgs'], 'browser.extraArgs');
  if (args.some((argument) => /^--(?:no-sandbox|disable-setuid-sandbox)\b/.test(argument.trim())))
    return { value: false, from: 'config:browser.extraArgs' };
  const { value, from } = switchOf(browser['noSandbox'], 'browser.noSandbox', OFF);
  return { value: !value, from };
}

/** `allowPrivateNetwork` is the older name of the same switch. */
function privateNetworkOf(policy: unknown): readonly Setting<string>[] {
  if (!isObject(policy)) return NONE;
  const switches = ['dangerouslyAllowPrivateNetwork', 'allowPrivateNetwork']
    .filter((name) => policy[name] === true)
    .map((name): Setting<string> => ({ value: 'every private address', from: `config:browser.ssrfPolicy.${name}` }));
  const { value, from } = listOf(policy['allowedHostnames'], 'browser.ssrfPolicy.allowedHostnames');
  return [...switches, ...value.filter((name) => isPrivate(name)).map((name): Setting<string> => ({ value: name, from }))];
}

/** The host's own names and addresses, private and link-local ones. Source: RFC 1918, RFC 3927, RFC 4193, RFC 6598. */
function isPrivate(name: string): boolean {
  const host = hostOf(name);
  if (host === 'loopback' || host === 'any' || /^(?:f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]):/.test(host)) return true;
  return /^(?:10\.|127\.|169\.254\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/.test(host);
}

function signedInOf(byDefault: unknown, profiles: readonly (readonly [string, Json])[]): readonly Setting<string>[] {
  const named = profiles
    .filter(([, { driver }]) => SIGNED_IN_DRIVERS.includes(driver))
    .map(([key, { driver }]): Setting<string> => ({ value: `${key.slice(key.lastIndexOf('.') + 1)} (${String(driver)})`, from: `config:${key}` }));
  return byDefault === SIGNED_IN_PROFILE ? [...named, { value: SIGNED_IN_PROFILE, from: 'config:browser.defaultProfile' }] : named;
}

/** Of a Chrome DevTools MCP profile the arguments name the browser. */
function endpointsOf(key: string, { cdpUrl, mcpArgs }: Json): readonly Setting<string>[] {
  const args = Array.isArray(mcpArgs) ? mcpArgs.slice(0, 100) : [];
  return [...endpointAt(`${key}.cdpUrl`, cdpUrl), ...args.flatMap((argument) => endpointAt(`${key}.mcpArgs`, argument, /(?:https?|wss?):\/\/\S+/i))];
}

/**
 * A masked address tells its origin. At a provider the rest chooses the session, so its digest counts; a loopback or an address of a machine
 * and its port are one browser, whatever follows.
 */
function endpointAt(key: string, value: unknown, within = /\S+/): readonly Setting<string>[] {
  const masked = isMasked(value) ? value : undefined;
  const text = masked === undefined ? value : masked.tells?.['url.origin'];
  const url = typeof text === 'string' ? within.exec(text)?.[0] : undefined;
  const endpoint = url === undefined ? undefined : endpointOf(url);
  if (endpoint === undefined) return [];
  const isMachine = endpoint.host === 'loopback' || /^[0-9.]+$|:/.test(endpoint.host);
  const path = isMachine || /^(?:\/json(?:\/.*)?|\/devtools\/.*)$/.test(endpoint.path) ? '' : endpoint.path;
  const rest = masked === undefined || isMachine ? '' : `#${masked.masked}`;
  return [{ value: `${endpointText({ ...endpoint, path })}${rest}`, from: `config:${key}` }];
}
