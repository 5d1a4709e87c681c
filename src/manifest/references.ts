/** Names in a manifest that must point at something: tenants in relations and risks, hosts of tenants. */
import { RUNTIMES } from '../core/words.ts';
import { nearest, type Complaint } from './problem.ts';
import { excerpt } from './text.ts';
import type { Spot } from './tree.ts';

/** Works on the tree, so that broken references are reported together with a broken shape. */
export function checkReferences(root: Spot): Complaint[] {
  const tenants = root.entries?.get('tenants')?.entries ?? new Map<string, Spot>();
  const hosts = root.entries?.get('hosts')?.entries ?? new Map<string, Spot>();
  const complaints = checkHosts(hosts);
  for (const [id, tenant] of tenants) {
    complaints.push(
      ...checkInside(id, tenant),
      ...checkEngine(id, tenant),
      ...checkRootless(id, tenant),
      ...checkRuntime(id, tenant),
      ...checkSandbox(id, tenant),
    );
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

/** A word that would change nothing is a misunderstanding. */
function checkEngine(id: string, { entries }: Spot): Complaint[] {
  const engine = entries?.get('engine');
  if (engine === undefined || [entries?.get('isolation')?.value, entries?.get('inside')?.value].includes('container')) return [];
  return [
    { at: engine.keyAt ?? engine.at, text: 'engine', message: `tenants.${excerpt(id)}.engine is for isolation: container, or inside: container` },
  ];
}

/** Where the engine of a tenant's sandboxes cannot be made, or its agents would have something past them. */
function checkSandbox(id: string, { entries }: Spot): Complaint[] {
  const sandbox = entries?.get('sandbox');
  if (sandbox === undefined || sandbox.value !== 'all') return [];
  const said = (key: string): unknown => entries?.get(key)?.value;
  const why =
    said('isolation') !== undefined && said('isolation') !== 'os-user'
      ? `is for isolation: os-user, not ${excerpt(String(said('isolation')))}: only there a tenant can have an engine of its own`
      : said('browser') === 'on'
        ? 'is not for a tenant with browser: on: its browser would run outside of the sandbox'
        : undefined;
  if (why === undefined) return [];
  return [{ at: sandbox.keyAt ?? sandbox.at, text: 'sandbox', message: `tenants.${excerpt(id)}.sandbox ${why}` }];
}

/** `rootless: false` is what it would be anyway. */
function checkRootless(id: string, { entries }: Spot): Complaint[] {
  const rootless = entries?.get('rootless');
  if (rootless?.value !== true) return [];
  const complain = (why: string): Complaint[] => [
    { at: rootless.keyAt ?? rootless.at, text: 'rootless', message: `tenants.${excerpt(id)}.rootless ${why}` },
  ];
  if (![entries?.get('isolation')?.value, entries?.get('inside')?.value].includes('container'))
    return complain('is for isolation: container, or inside: container');
  // Which of the two it is decides what stands on the host: not left to what happens to be installed.
  if (entries?.get('engine') === undefined) return complain('needs engine: docker or engine: podman beside it');
  return [];
}

/** Where a container of gVisor's was not seen to work. */
function checkRuntime(id: string, { entries }: Spot): Complaint[] {
  const runtime = entries?.get('runtime');
  // A shape problem is told once, elsewhere.
  if (!RUNTIMES.some((one) => one === runtime?.value) || runtime === undefined) return [];
  const said = (key: string): unknown => entries?.get(key)?.value;
  const why =
    said('isolation') !== 'container'
      ? 'is for isolation: container'
      : said('engine') !== undefined && said('engine') !== 'docker'
        ? 'is for engine: docker; Podman was not tried with it'
        : said('rootless') === true
          ? 'is for an engine that root runs'
          : entries?.get('limits')?.entries?.has('disk') === true
            ? 'is not for a tenant with limits.disk: the two were not tried together'
            : undefined;
  if (why === undefined) return [];
  return [{ at: runtime.keyAt ?? runtime.at, text: 'runtime', message: `tenants.${excerpt(id)}.runtime ${why}` }];
}

/** A rung that the trust asks for may be `host` too: only another one that is named makes it wrong. */
function checkInside(id: string, tenant: Spot): Complaint[] {
  const [inside, isolation] = [tenant.entries?.get('inside'), tenant.entries?.get('isolation')];
  if (inside === undefined || isolation === undefined || isolation.value === 'host') return [];
  const message = `tenants.${excerpt(id)} takes "inside" only with isolation: host`;
  return [{ at: inside.keyAt ?? inside.at, text: 'inside', message }];
}

function checkHosts(hosts: ReadonlyMap<string, Spot>): Complaint[] {
  const complaints: Complaint[] = [];
  for (const [id, host] of hosts) {
    const ssh = host.entries?.get('ssh');
    if (id === 'local' && ssh !== undefined)
      complaints.push({ at: ssh.keyAt ?? ssh.at, text: 'ssh', message: 'hosts.local is this machine and takes no "ssh"' });
    const become = host.entries?.get('become');
    if (id === 'local' && become !== undefined)
      complaints.push({
        at: become.keyAt ?? become.at,
        text: 'become',
        message: 'hosts.local is this machine and takes no "become": run bulkhead as root',
      });
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
