/** Variables of a pod's container. What a Secret fills stays there: its key stands in for the value, and two that have one key have one value. Pure. */
import { createHmac } from 'node:crypto';
import { VISIBLE } from '../../openclaw/credentials/variables.ts';
import { MASKING } from '../../openclaw/credentials/masking-rules.ts';
import type { SeenVariables } from '../../openclaw/credentials/environment.ts';
import { makeMasker, type Masked } from '../../openclaw/masking.ts';
import { tellVariables } from '../../observe/variables.ts';
import type { Container } from './objects.ts';
import type { ClusterSeen, Workload } from './read-cluster.ts';
import { secretUses } from './volumes.ts';

export interface PodVariables {
  readonly variables: SeenVariables;
  /** What stands in for a value → where the value lies: `secret:namespace/name#key`. */
  readonly standIns: ReadonlyMap<string, string>;
  /** Secrets and ConfigMaps that fill variables whole, by the names that volumes give them. */
  readonly files: readonly string[];
}

/** `key`: random, of this run, hex. */
export function variablesOf(workload: Workload, container: Container, { configMaps }: Pick<ClusterSeen, 'configMaps'>, key: string): PodVariables {
  const { namespace } = workload;
  const dataOf = (name: string | null | undefined): Readonly<Record<string, string>> => {
    const found = configMaps.get(`${namespace}/${name ?? ''}`);
    return found?.known === true ? found.value : {};
  };
  const pairs: [string, string][] = [];
  const files: string[] = [];
  for (const { prefix, secretRef, configMapRef } of container.envFrom ?? []) {
    for (const [name, text] of Object.entries(dataOf(configMapRef?.name))) pairs.push([`${prefix ?? ''}${name}`, text]);
    if (secretRef) files.push(`/secret:${namespace}/${secretRef.name ?? ''}`);
    if (configMapRef) files.push(`/configmap:${namespace}/${configMapRef.name ?? ''}`);
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    const config = valueFrom?.configMapKeyRef;
    const text = config ? dataOf(config.name)[config.key] : valueFrom ? undefined : (value ?? '');
    if (text !== undefined) pairs.push([name, expanded(text, pairs)]);
  }
  const inSecrets = secretUses(workload, container).flatMap(({ secret, key: own, variable }) =>
    variable === undefined || own === undefined ? [] : [{ variable, place: `secret:${secret}#${own}` }],
  );
  const standIn = (place: string): string => createHmac('sha256', Buffer.from(key, 'hex')).update(place).digest('hex');
  const masked = inSecrets.map(({ variable, place }): [string, Masked] => [variable, { masked: standIn(place), strength: 'strong' }]);
  return {
    // A later one of a name wins there.
    variables: { ...tellVariables(pairs.toReversed(), VISIBLE, makeMasker(key, MASKING)), ...Object.fromEntries(masked) },
    standIns: new Map(inSecrets.map(({ place }) => [standIn(place), place])),
    files,
  };
}

/** `$(NAME)` of a variable before it. Source: kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables. */
function expanded(text: string, before: readonly (readonly [string, string])[]): string {
  return text.replace(/\$\(([A-Za-z_][A-Za-z0-9_]*)\)/g, (whole, name: string) => before.findLast(([own]) => own === name)?.[1] ?? whole);
}
