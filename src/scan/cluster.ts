/** Gateways in a Kubernetes cluster, as far as it lists them: they are named, not judged. Asks by raw reads only: kubectl then keeps no cache. */
import * as v from 'valibot';
import type { Host } from '../core/host.ts';
import { reason } from '../observe/subject.ts';
import { isOpenclawImage } from '../openclaw/discovery.ts';
import type { Source } from './discover.ts';

const WORKLOADS = ['deployments', 'statefulsets'] as const;
const Groups = v.object({ groups: v.array(v.object({ name: v.string(), preferredVersion: v.object({ groupVersion: v.string() }) })) });
const Resources = v.object({ resources: v.array(v.object({ name: v.string(), namespaced: v.boolean() })) });
const named = v.object({ name: v.string(), namespace: v.nullish(v.string(), '') });
const Items = v.object({ items: v.array(v.object({ metadata: named })) });
const pod = v.object({ containers: v.nullish(v.array(v.object({ image: v.nullish(v.string(), '') })), []) });
const Workloads = v.object({ items: v.array(v.object({ metadata: named, spec: v.object({ template: v.object({ spec: pod }) }) })) });

/** `kubeconfig`: an absolute path, or undefined where none was given. */
export async function lookAtCluster(host: Host, kubeconfig: string | undefined, signal: AbortSignal): Promise<Source> {
  const what = 'Kubernetes';
  if (kubeconfig === undefined) return { what, state: 'not-tried', detail: 'no --kubeconfig was given' };
  const ask = async <const T extends v.GenericSchema>(path: string, shape: T): Promise<v.InferOutput<T>> => {
    const argv = ['kubectl', '--kubeconfig', kubeconfig, 'get', '--raw', path] as const;
    const result = await host.run(
      { title: `ask the cluster for ${path}`, argv: [...argv], timeoutMs: 30_000, passEnvironment: ['PATH', 'HOME'] },
      signal,
    );
    if (result.exit !== 0) throw new Error(result.stderr.trim().split('\n').at(-1)?.slice(0, 200) ?? 'kubectl gave no reason');
    return v.parse(shape, JSON.parse(result.stdout));
  };
  try {
    const found: string[] = [];
    for (const { name, preferredVersion } of (await ask('/apis', Groups)).groups.filter((group) => group.name.includes('openclaw'))) {
      const { resources } = await ask(`/apis/${preferredVersion.groupVersion}`, Resources);
      for (const resource of resources.filter((one) => one.namespaced && !one.name.includes('/'))) {
        const { items } = await ask(`/apis/${preferredVersion.groupVersion}/${resource.name}`, Items);
        found.push(...items.map(({ metadata }) => `${resource.name}.${name} ${metadata.namespace ?? ''}/${metadata.name}`));
      }
    }
    for (const kind of WORKLOADS) {
      const { items } = await ask(`/apis/apps/v1/${kind}`, Workloads);
      const gateways = items.filter(({ spec }) => (spec.template.spec.containers ?? []).some(({ image }) => isOpenclawImage(image ?? '')));
      found.push(...gateways.map(({ metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`));
    }
    if (found.length === 0) return { what, state: 'looked', detail: 'the cluster lists no gateway' };
    return { what, state: 'partly', detail: `listed and not judged: ${found.slice(0, 50).join(', ')}` };
  } catch (error) {
    return { what, state: 'partly', detail: reason(error, signal).slice(0, 300) };
  }
}
