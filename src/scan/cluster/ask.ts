/** Asks a cluster by kubectl, and only reads: raw paths and no directory for a cache, so that nothing is kept. Secrets are never asked for. */
import * as v from 'valibot';
import type { Host } from '../../core/host.ts';
import { Page } from './objects.ts';

export interface Cluster {
  /** What its kubeconfig calls it. */
  readonly name: string;
  get<const T extends v.GenericSchema>(path: string, shape: T): Promise<v.InferOutput<T>>;
  /** All there are of a resource, e.g. `/apis/apps/v1` and `deployments`; `unseen` says why there may be more. */
  list(group: string, resource: string): Promise<{ readonly items: readonly unknown[]; readonly unseen?: string }>;
}

export interface Asking {
  readonly host: Host;
  /** An absolute path. */
  readonly kubeconfig: string;
  readonly signal: AbortSignal;
}

const PAGE = 100;
const MOST_PAGES = 200;

/** Throws where kubectl is not there or the kubeconfig has no context. */
export async function clusterAt({ host, kubeconfig, signal }: Asking): Promise<Cluster> {
  const kubectl = async (title: string, ...words: readonly string[]): Promise<string> => {
    const argv = ['kubectl', '--kubeconfig', kubeconfig, '--cache-dir=/dev/null', '--request-timeout=20s', ...words] as const;
    const result = await host.run({ title, argv: [...argv], timeoutMs: 30_000, passEnvironment: ['PATH', 'HOME'] }, signal);
    if (result.timedOut) throw new Error('kubectl had no answer within 30 seconds');
    if (result.exit === 127) throw new Error('kubectl is not there');
    if (result.exit !== 0) throw new Error(lastLine(result.stderr) ?? 'kubectl gave no reason');
    if (result.truncated) throw new Error(`${title}: the answer is too long`);
    return result.stdout;
  };
  const get = async <const T extends v.GenericSchema>(path: string, shape: T): Promise<v.InferOutput<T>> => {
    const said = v.safeParse(shape, parsed(path, await kubectl(`ask the cluster for ${path}`, 'get', '--raw', path)));
    if (!said.success) throw new Error(`${path}: the cluster answered in an unexpected shape`);
    return said.output;
  };
  const pages = async (path: string): Promise<{ readonly items: readonly unknown[]; readonly unseen?: string }> => {
    const all: unknown[] = [];
    let next = '';
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const from = next === '' ? '' : `&continue=${encodeURIComponent(next)}`;
      const { items, metadata } = await get(`${path}?limit=${PAGE}${from}`, Page);
      all.push(...(items ?? []));
      next = metadata?.continue ?? '';
      if (next === '') return { items: all };
    }
    return { items: all, unseen: `there are more than ${PAGE * MOST_PAGES} of ${path}; the rest was not looked at` };
  };
  const words = ['config', 'view', '--minify', '-o'] as const;
  const name = await kubectl('ask the kubeconfig which cluster it names', ...words, 'jsonpath={.clusters[0].name}');
  const namespace = await kubectl('ask the kubeconfig for its namespace', ...words, 'jsonpath={.contexts[0].context.namespace}');
  return {
    name: name.trim() === '' ? 'cluster' : name.trim(),
    get,
    list: async (group, resource) => {
      try {
        return await pages(`${group}/${resource}`);
      } catch (error) {
        // Whoever may not list the whole cluster may list the namespace that was made for him.
        if (!(error instanceof Error) || !/forbidden/i.test(error.message) || namespace.trim() === '') throw error;
        const here = namespace.trim();
        const { items } = await pages(`${group}/namespaces/${encodeURIComponent(here)}/${resource}`);
        return { items, unseen: `only the namespace ${here} was looked at for ${resource}: this user may list no other` };
      }
    },
  };
}

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${path}: the cluster answered with something else than JSON`);
  }
}

function lastLine(text: string): string | undefined {
  const line = text.trim().split('\n').at(-1)?.slice(0, 300);
  return line === '' ? undefined : line;
}
