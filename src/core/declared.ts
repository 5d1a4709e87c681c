/** What a blueprint alone says about a tenant: equal in desired and in observed facts. */
import type { Blueprint } from './blueprint.ts';
import type { PathRole, TenantFacts } from './facts.ts';
import { secretReference } from './fleet.ts';
import type { ApiClientFact } from './network-facts.ts';
import type { PlaceSettings } from './place-settings.ts';

/** The part of a tenant's facts that is the same before and after it is built. */
export function declaredFacts(
  blueprint: Blueprint,
): Pick<TenantFacts, 'tenant' | 'host' | 'rung' | 'rungDeclared' | 'found' | 'boundary' | 'browser' | 'declared'> {
  const { tenant, host, rung, rungDeclared, found, boundary, browser, paths, gatewayPort, publishedPort, limits, runtime } = blueprint;
  return {
    tenant,
    host,
    rung,
    rungDeclared,
    ...(found === undefined ? {} : { found }),
    boundary,
    browser,
    declared: {
      configPath: paths.configFile,
      stateDir: paths.state,
      gatewayPort,
      publishedPort,
      ...(limits.diskBytes === undefined ? {} : { diskBytes: limits.diskBytes }),
      ...(runtime === undefined ? {} : { runtime }),
    },
  };
}

/** Paths that settings select beyond the declared ones: those of further agents and of sandboxes. Relative ones lie nobody knows where. */
export function selectedPaths(
  { agents, workspace, sandboxRoots }: PlaceSettings,
  declared: readonly { readonly role: PathRole; readonly path: string }[],
): readonly { readonly role: PathRole; readonly path: string }[] {
  const known = new Set(declared.map(({ role, path }) => `${role} ${path}`));
  const selected = [
    { role: 'workspace' as const, path: workspace.value },
    ...agents.flatMap(({ workspaces, directory }) => [
      ...workspaces.map(({ value }) => ({ role: 'workspace' as const, path: value })),
      { role: 'agent' as const, path: directory.value },
    ]),
    ...sandboxRoots.map(({ value }) => ({ role: 'sandbox' as const, path: value })),
  ];
  return selected.filter(({ role, path }) => {
    const isNew = path.startsWith('/') && !known.has(`${role} ${path}`);
    known.add(`${role} ${path}`);
    return isNew;
  });
}

/** Declared paths by role; a backup only where one is declared. A found gateway has no tree and no secrets of ours. */
export function declaredPaths({ paths, found }: Pick<Blueprint, 'paths' | 'found'>): readonly { readonly role: PathRole; readonly path: string }[] {
  return [
    { role: 'config', path: paths.configFile },
    { role: 'state', path: paths.state },
    { role: 'workspace', path: paths.workspace },
    { role: 'credentials', path: paths.credentials },
    { role: 'agent', path: paths.agentDir },
    { role: 'browser', path: paths.browserData },
    { role: 'log', path: paths.logFile },
    { role: 'home', path: paths.home },
    { role: 'tmp', path: paths.tmp },
    { role: 'compile-cache', path: paths.compileCache },
    ...(found === true
      ? []
      : [
          { role: 'root' as const, path: paths.root },
          { role: 'secrets' as const, path: paths.secretsDir },
        ]),
    ...(paths.backup === undefined ? [] : [{ role: 'backup' as const, path: paths.backup }]),
  ];
}

/** API clients as the manifest names them; `digestOf` tells the digest of a reference that is provided. */
export function declaredApiClients({ tenant, apiClients }: Blueprint, digestOf: (reference: string) => string | undefined): readonly ApiClientFact[] {
  return apiClients.map(({ name, kind, key, baseUrl, keyWithUsers }) => {
    const place = `tenants.${tenant}.apiClients.${name}`;
    const reference = key === undefined ? undefined : secretReference(key);
    const digest = reference === undefined ? undefined : digestOf(reference);
    return {
      name,
      kind,
      keyWithUsers,
      keys: reference === undefined ? [] : [{ location: reference, reference, ...(digest === undefined ? {} : { digest }) }],
      urls: baseUrl === undefined ? [] : [{ location: `${place}.baseUrl`, url: baseUrl }],
    };
  });
}
