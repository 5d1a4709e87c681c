/** Effective variables of a gateway. Source: openclaw 2026.9.6 docs/help/environment.md (precedence; nothing overrides what is there). */
import type { EnvLayer, VariableFact } from '../../core/secret-facts.ts';
import type { Masked, MaskedStrength } from '../masking.ts';
import { below } from './walk.ts';
import { isMasked } from './walk.ts';
import { roleOfVariable } from './variables.ts';
import { isObject } from '../merge.ts';

/** Text of a name that may be told, otherwise masked. */
export type SeenVariables = Readonly<Record<string, string | Masked>>;

export interface SeenLayer {
  readonly layer: EnvLayer;
  /** `process`, or the file or config that says it. */
  readonly location: (name: string) => string;
  readonly variables: SeenVariables;
}

export interface Variable extends VariableFact {
  readonly tells: Readonly<Record<string, string>>;
  readonly strength?: MaskedStrength;
}

/** Strongest layer first; the first that sets a name counts. `declared`: names that the blueprint sets. */
export function effectiveEnvironment(layers: readonly SeenLayer[], declared: Readonly<Record<string, string>>): ReadonlyMap<string, Variable> {
  const found = new Map<string, Variable>();
  for (const { layer, location, variables } of layers) {
    for (const [name, seen] of Object.entries(variables)) {
      if (found.has(name)) continue;
      const common = { name, layer, location: location(name), secret: roleOfVariable(name) !== undefined, declared: Object.hasOwn(declared, name) };
      if (typeof seen === 'string') found.set(name, { ...common, value: seen, tells: {} });
      else found.set(name, { ...common, digest: seen.masked, tells: seen.tells ?? {}, strength: seen.strength });
    }
  }
  return found;
}

/** A variable as it stands among facts. */
export function variableFact({ tells: _tells, strength: _strength, ...fact }: Variable): VariableFact {
  return fact;
}

/** The config's own layer: `env.vars`, and names directly below `env`. */
export function configLayer(config: unknown): SeenLayer {
  const direct = below(config, 'env');
  const vars = below(config, 'env.vars');
  const entries = [...(isObject(direct) ? Object.entries(direct) : []), ...(isObject(vars) ? Object.entries(vars) : [])];
  return {
    layer: 'config',
    location: (name) => `config:env.vars.${name}`,
    variables: Object.fromEntries(entries.filter((entry): entry is [string, string | Masked] => typeof entry[1] === 'string' || isMasked(entry[1]))),
  };
}

/** Files that OpenClaw reads variables from: that of the state directory, and with the default one that of the home. */
export function environmentFiles(
  environment: Readonly<Record<string, string>>,
  stateDir: string,
): readonly { readonly layer: EnvLayer; readonly path: string }[] {
  const home = environment['OPENCLAW_HOME'] ?? environment['HOME'] ?? '';
  const isDefault = stateDir.replace(/\/+$/, '') === `${home.replace(/\/+$/, '')}/.openclaw`;
  return [
    { layer: 'env-file', path: `${stateDir}/.env` },
    ...(isDefault ? [{ layer: 'gateway-env-file' as const, path: `${home}/.config/openclaw/gateway.env` }] : []),
  ];
}
