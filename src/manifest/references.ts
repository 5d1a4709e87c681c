/** Names in a manifest that must point at something: tenants in relations and risks, hosts of tenants. */
import { nearest, type Complaint } from './problem.ts';
import { excerpt } from './text.ts';
import type { Spot } from './tree.ts';

/** Works on the tree, so that broken references are reported together with a broken shape. */
export function checkReferences(root: Spot): Complaint[] {
  const tenants = root.entries?.get('tenants')?.entries ?? new Map<string, Spot>();
  const hosts = root.entries?.get('hosts')?.entries ?? new Map<string, Spot>();
  const complaints = checkHosts(hosts);
  for (const [id, tenant] of tenants) {
    const host = tenant.entries?.get('host');
    if (host === undefined || typeof host.value !== 'string' || host.value === 'local' || hosts.has(host.value)) continue;
    complaints.push(notFound('host', host, ['local', ...hosts.keys()], `tenants.${excerpt(id)}`));
  }
  for (const [list, field] of [
    ['relations', 'between'],
    ['namedRisks', 'tenants'],
  ] as const) {
    for (const [index, entry] of root.entries?.get(list)?.entries ?? []) {
      complaints.push(...checkNames(entry.entries?.get(field), tenants, `${list}[${index}].${field}`));
    }
  }
  return complaints;
}

function checkHosts(hosts: ReadonlyMap<string, Spot>): Complaint[] {
  const complaints: Complaint[] = [];
  for (const [id, host] of hosts) {
    const ssh = host.entries?.get('ssh');
    if (id === 'local' && ssh !== undefined)
      complaints.push({ at: ssh.keyAt ?? ssh.at, text: 'ssh', message: 'hosts.local is this machine and takes no "ssh"' });
    if (id !== 'local' && ssh === undefined)
      complaints.push({ at: host.keyAt ?? host.at, text: excerpt(id), message: `hosts.${excerpt(id)} needs "ssh": where to reach it` });
  }
  return complaints;
}

function checkNames(list: Spot | undefined, tenants: ReadonlyMap<string, Spot>, where: string): Complaint[] {
  const complaints: Complaint[] = [];
  const seen = new Set<string>();
  const ids = [...tenants.keys()];
  // A shape problem is told once, elsewhere.
  if (list === undefined || !Array.isArray(list.value)) return [];
  for (const name of list.entries?.values() ?? []) {
    if (typeof name.value !== 'string') continue;
    if (seen.has(name.value))
      complaints.push({ at: name.at, text: excerpt(name.value), message: `"${excerpt(name.value)}" stands twice in ${where}` });
    else if (!tenants.has(name.value)) complaints.push(notFound('tenant', name, ids, where));
    seen.add(name.value);
  }
  return complaints;
}

function notFound(what: string, spot: Spot, candidates: readonly string[], where: string): Complaint {
  const name = String(spot.value);
  return { at: spot.at, text: excerpt(name), message: `unknown ${what} "${excerpt(name)}" in ${where}`, suggest: () => nearest(name, candidates) };
}
