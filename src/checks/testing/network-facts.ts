/** The clean tenants with other configs, ports or sockets. */
import { known, type Facts, type HostFacts, type TenantFacts } from '../../core/facts.ts';
import type { Settings } from '../../core/settings.ts';
import { merge, type Json } from '../../openclaw/merge.ts';
import { readSettings } from '../../openclaw/settings/index.ts';
import { TENANTS, cleanConfig, cleanEnvironment, wholeHost, observedFacts } from './clean-facts.ts';

/** Settings of acme, or of another, with `patch` merged over its clean config. */
export function settingsWith(patch: Readonly<Json>, environment: Readonly<Record<string, string>> = {}, name: string = TENANTS[0]): Settings {
  const config = merge(cleanConfig(`/t/${name}`, name === TENANTS[0] ? 1 : 2), patch);
  return readSettings({ config, environment: { ...cleanEnvironment(`/t/${name}`), OPENCLAW_GATEWAY_PORT: '18789', ...environment } });
}

/** Tenants with further config, by name. */
export function withConfigs(patches: Readonly<Record<string, Readonly<Json>>>, environment: Readonly<Record<string, string>> = {}): Facts {
  const changes = Object.entries(patches).map(
    ([name, patch]) => [name, () => ({ settings: known(settingsWith(patch, environment, name), 'test') })] as const,
  );
  return observedFacts({}, Object.fromEntries(changes));
}

/** acme with a part of its facts replaced. */
export function acmeWith(change: Partial<TenantFacts>): Facts {
  return observedFacts({}, { acme: () => change });
}

/** Both clean tenants on the host's own loopback with ports of their own, and further config; nothing but ports and settings is moved. */
export function onOneLoopback(patches: Readonly<Record<string, Readonly<Json>>>, change: Partial<Facts> = {}): Facts {
  const moved = (name: string): Partial<TenantFacts> => {
    const base = name === 'acme' ? 20_120 : 20_240;
    const settings = settingsWith(merge({ gateway: { port: base } }, patches[name] ?? {}), { OPENCLAW_GATEWAY_PORT: '' }, name);
    return {
      settings: known(settings, 'test'),
      ports: known({ first: base, last: base + 119, published: base, namespace: hostNet() }, 'test'),
    };
  };
  const hosts = [{ ...wholeHost(), sockets: known([], 'test') }];
  return observedFacts({ hosts, ...change }, { acme: () => moved('acme'), globex: () => moved('globex') });
}

/** The clean facts with something else on the host. */
export function onHost(change: Partial<HostFacts>): Facts {
  return observedFacts({ hosts: [{ ...wholeHost(), ...change }] });
}

function hostNet(): string {
  const { kernel } = wholeHost();
  return kernel.known ? (kernel.value.namespaces['net'] ?? '') : '';
}
