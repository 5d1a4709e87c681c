/** Runs the network collector once per host: sockets, ephemeral ports, reverse proxies, and what API clients are given. */
import * as v from 'valibot';
import { declaredApiClients } from '../core/declared.ts';
import { known, unknown, type HostFacts, type Known, type TenantFacts } from '../core/facts.ts';
import type { FleetHost } from '../core/fleet.ts';
import type { ApiClientFact } from '../core/network-facts.ts';
import { runSelfContained } from '../hosts/run-program.ts';
import { sibling } from '../hosts/self-contained.ts';
import { OPEN_WEBUI } from '../openclaw/stores.ts';
import { NetworkCollected } from './network-collected.ts';
import type { NetworkRequest } from './network-collector.ts';
import { readProxyFiles } from './proxies/index.ts';
import { reason, type Subject } from './subject.ts';

type Collected = v.InferOutput<typeof NetworkCollected>;
export type NetworkView = Pick<HostFacts, 'portRange' | 'proxies' | 'sockets'> & { readonly files: Known<Pick<Collected, 'envFiles' | 'keyFiles'>> };

/** `subjects` are all on this host. `key` is the key of the run: its digests are comparable with those of every tenant. */
export async function collectNetwork({ id, proxies }: FleetHost, subjects: readonly Subject[], key: string): Promise<NetworkView> {
  const [first] = subjects;
  if (first === undefined) return nothing('no tenant is placed on it');
  const { host, blueprint, signal } = first;
  const clients = subjects.flatMap(({ blueprint: { apiClients } }) => apiClients);
  const request: NetworkRequest = {
    key,
    pids: subjects.flatMap(({ details: { pid } }) => (pid === undefined ? [] : [pid])),
    proxyFiles: proxies,
    envFiles: [...new Set(clients.flatMap(({ envFiles }) => envFiles))],
    keyFiles: [...new Set(clients.flatMap(({ key: source }) => (source?.kind === 'file' ? [source.path] : [])))],
    keyNames: OPEN_WEBUI.keys,
    urlNames: OPEN_WEBUI.urls,
  };
  const title = `look at sockets, proxies and API clients of ${id}`;
  try {
    const run = {
      program: sibling(import.meta.url, 'network-collector'),
      request,
      node: blueprint.install.node,
      title,
      timeoutMs: 60_000,
      redact: true,
    };
    const answer = v.safeParse(NetworkCollected, await runSelfContained<unknown>(host, run, signal));
    return answer.success ? viewOf(answer.output) : nothing(`${id} was described in an unexpected shape`);
  } catch (error) {
    return nothing(reason(error, signal));
  }
}

function viewOf({ sockets, portRange, proxies, envFiles, keyFiles }: Collected): NetworkView {
  return {
    sockets: sockets.ok ? known(sockets.value, '/proc/<pid>/net/tcp') : unknown(sockets.why),
    portRange: portRange.ok ? known(portRange.value, '/proc/sys/net/ipv4') : unknown(portRange.why),
    proxies: proxies.ok ? readProxyFiles(proxies.value) : unknown(proxies.why),
    files: known({ envFiles, keyFiles }, 'files of API clients'),
  };
}

function nothing(why: string): NetworkView {
  return { sockets: unknown(why), portRange: unknown(why), proxies: unknown(why), files: unknown(why) };
}

/** What the manifest says of a tenant's API clients, with what their own files say. One unreadable file makes all of it unknown. */
export function apiClientsOf({ blueprint }: Subject, files: NetworkView['files']): TenantFacts['apiClients'] {
  if (blueprint.apiClients.length === 0) return known([], 'manifest');
  if (!files.known) return files;
  const { envFiles, keyFiles } = files.value;
  const digests = new Map<string, string>();
  for (const [path, seen] of Object.entries(keyFiles)) if (seen.ok) digests.set(`file:${path}`, seen.value);
  const declared = declaredApiClients(blueprint, (reference) => digests.get(reference));
  const clients: ApiClientFact[] = [];
  for (const [index, client] of declared.entries()) {
    const wanted = blueprint.apiClients[index];
    const keyFile = wanted?.key?.kind === 'file' ? keyFiles[wanted.key.path] : undefined;
    if (keyFile?.ok === false) return unknown(`the key of ${client.name}: ${keyFile.why}`);
    const [keys, urls] = [[...client.keys], [...client.urls]];
    for (const path of wanted?.envFiles ?? []) {
      const seen = envFiles[path];
      if (seen?.ok !== true) return unknown(`${path} of ${client.name}: ${seen?.why ?? 'it was not looked at'}`);
      keys.push(...seen.value.keys.map(({ name, digest }) => ({ location: `file:${path}#${name}`, digest })));
      urls.push(...seen.value.urls.map(({ name, url }) => ({ location: `file:${path}#${name}`, url })));
    }
    clients.push({ ...client, keys, urls });
  }
  return known(clients, 'manifest, files of API clients');
}
