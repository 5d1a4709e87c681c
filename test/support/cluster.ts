/** A cluster in memory: answers of a real API server as they were recorded, served as `kubectl get --raw` prints them, page by page. */
import { readFileSync } from 'node:fs';
import type { CommandResult } from '../../src/core/command.ts';
import type { Host } from '../../src/core/host.ts';

type Json = Record<string, unknown>;
export type Answers = Readonly<Record<string, unknown>>;

export interface Recorded {
  readonly metadata: { name: string; namespace?: string; uid?: string; labels?: Record<string, string>; ownerReferences?: object[] };
  spec: Json;
  data?: Record<string, string>;
}

/** Three gateways with nothing in common: two Deployments, and a StatefulSet of an operator. A copy: tests change it. */
export function threeTenants(): Record<string, Json & { items: Recorded[] }> {
  return JSON.parse(readFileSync(new URL('../kubernetes/three-tenants.json', import.meta.url), 'utf8'));
}

export interface ClusterOptions {
  /** As many items are in one answer. */
  readonly page?: number;
  /** Namespace of the kubeconfig. */
  readonly namespace?: string;
  /** Paths that the server refuses, as it says so. */
  readonly forbidden?: (path: string) => boolean;
  readonly asked?: string[];
}

export function clusterOf(answers: Answers, { page = 100, namespace = '', forbidden = () => false, asked = [] }: ClusterOptions = {}): Host {
  const answer = (words: readonly string[]): string | Error => {
    const last = words.at(-1) ?? '';
    if (words.includes('view')) return last.includes('clusters') ? 'prod' : namespace;
    const url = new URL(last, 'https://cluster');
    if (forbidden(url.pathname)) return new Error(`Error from server (Forbidden): ${url.pathname} is forbidden: User "tenant" cannot list it`);
    const found = answers[url.pathname] as { readonly items?: readonly unknown[] } | undefined;
    if (found === undefined) return new Error('Error from server (NotFound): the server could not find the requested resource');
    if (found.items === undefined || !url.searchParams.has('limit')) return JSON.stringify(found);
    const from = Number(url.searchParams.get('continue') ?? 0);
    const to = from + page;
    return JSON.stringify({
      ...found,
      items: found.items.slice(from, to),
      metadata: { resourceVersion: '7', ...(to < found.items.length ? { continue: String(to) } : {}) },
    });
  };
  const run = async ({ argv }: { readonly argv: readonly string[] }): Promise<CommandResult> => {
    asked.push(argv.join(' '));
    const said = answer(argv);
    const base = { signal: null, timedOut: false, truncated: false, durationMs: 1 };
    return said instanceof Error ? { ...base, exit: 1, stdout: '', stderr: said.message } : { ...base, exit: 0, stdout: said, stderr: '' };
  };
  return { id: 'local', run } as unknown as Host;
}

/** As far as tests spoil it. */
export interface PodShape {
  containers: {
    name: string;
    image: string;
    command?: string[];
    args?: string[];
    env: { name: string; value?: string; valueFrom?: object }[];
    envFrom?: object[];
    volumeMounts: { name: string; mountPath: string; subPath?: string }[];
    securityContext: Json;
    ports?: object[];
  }[];
  volumes: { name: string; [kind: string]: unknown }[];
  securityContext: Json;
  nodeSelector?: Record<string, string>;
  [key: string]: unknown;
}

export function workloadOf(world: ReturnType<typeof threeTenants>, namespace: string): Recorded {
  const all = ['deployments', 'statefulsets'].flatMap((kind) => world[`/apis/apps/v1/${kind}`]?.items ?? []);
  const found = all.find(({ metadata }) => metadata.namespace === namespace && metadata.name === 'openclaw');
  if (found === undefined) throw new Error(`nothing runs in ${namespace}`);
  return found;
}

export function podOfWorkload(workload: Recorded): PodShape {
  return (workload.spec['template'] as { spec: PodShape }).spec;
}
