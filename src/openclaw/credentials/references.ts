/** What a secret reference names. Source: openclaw 2026.9.6 docs/gateway/secrets/secretref-contract.md, docs/plugins/vault.md. */
import { isObject, type Json } from '../merge.ts';
import type { FileSeen } from './credentials.ts';
import type { Variable } from './environment.ts';
import { below, isMasked, textBelow, type Reference } from './walk.ts';

/** Path and pointer of a file reference; no pointer when the file holds the one value. */
export function fileOf(config: Readonly<Json>, { provider, id }: Reference): { readonly path: string; readonly pointer?: string } | undefined {
  const definition = providerOf(config, provider);
  const path = textBelow(definition, 'path');
  if (path === undefined) return undefined;
  return textBelow(definition, 'mode') === 'singleValue' ? { path } : { path, pointer: id };
}

interface Around {
  readonly environment: ReadonlyMap<string, Variable>;
  readonly file?: FileSeen;
  readonly variable?: Variable;
}

/** Variables that say which vault a resolver asks. */
const ADDRESSES = ['VAULT_ADDR', 'VAULT_NAMESPACE', 'OPENCLAW_VAULT_KV_MOUNT', 'OPENCLAW_VAULT_AUTH_MOUNT'];

export function targetOf(
  config: Readonly<Json>,
  reference: Reference,
  { environment, file, variable }: Around,
): { readonly text: string; readonly target?: string } {
  const { source, provider, id } = reference;
  switch (source) {
    case 'file': {
      const named = fileOf(config, reference);
      const pointer = named?.pointer === undefined ? '' : `#${named.pointer}`;
      const text = `file:${named?.path ?? provider}${pointer}`;
      return file === undefined ? { text } : { text, target: `file:${file.identity}${pointer}` };
    }
    case 'env':
      // A process' own variable is its own; one of a file is whoever's reads that file.
      return variable === undefined || variable.layer === 'process' || variable.layer === 'config'
        ? { text: `env:${id}` }
        : { text: `env:${id}`, target: variable.location };
    case 'exec': {
      const definition = providerOf(config, provider);
      const plugin = below(definition, 'pluginIntegration');
      const command = isObject(plugin)
        ? `plugin ${String(plugin['pluginId'])}/${String(plugin['integrationId'])}`
        : (textBelow(definition, 'command') ?? provider);
      const args = below(definition, 'args');
      const where = ADDRESSES.map((name) => environment.get(name)?.value ?? '');
      const told = Array.isArray(args) ? args.map((arg: unknown) => (isMasked(arg) ? arg.masked : String(arg))) : [];
      return { text: `exec:${command} ${id}`, target: `exec:${JSON.stringify([command, told, id, where])}` };
    }
    default:
      return { text: `${source}:${id}` };
  }
}

function providerOf(config: Readonly<Json>, alias: string): unknown {
  const providers = below(config, 'secrets.providers');
  const chosen = isObject(providers) && Object.hasOwn(providers, alias) ? providers[alias] : undefined;
  if (chosen !== undefined || alias !== 'default') return chosen;
  const byDefault = textBelow(config, 'secrets.defaults.file');
  return byDefault === undefined || !isObject(providers) || !Object.hasOwn(providers, byDefault) ? undefined : providers[byDefault];
}
