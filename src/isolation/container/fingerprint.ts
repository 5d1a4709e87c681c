/** Whether a host can have the `container` rung: an engine that answers, and what an `os-user` boundary takes besides its own view of files. */
import type { Blueprint } from '../../core/blueprint.ts';
import { BulkheadError } from '../../core/error.ts';
import type { Fingerprint, Host } from '../../core/host.ts';
import { fingerprint as ofOsUser } from '../os-user/fingerprint.ts';
import { enginesOf } from './engine.ts';

/** Docker is a daemon that may be down. Podman is none, and a store of root's says nothing of tenants' own: a look at the tenant asks that. */
const ASK = { docker: ['docker', 'container', 'ls', '--quiet'], podman: ['podman', '--version'] } as const;

export async function fingerprint(host: Host, signal: AbortSignal, blueprint?: Blueprint): Promise<Fingerprint> {
  const below = await ofOsUser(host, signal, ['bwrap']);
  if (below.state !== 'usable') return below;
  const engines = await enginesOf(host, signal);
  // An engine of the tenant's own asks nothing of the host's, which may be off; which programs it lacks is told of the tenant.
  if (blueprint?.rootless === true && engines.length > 0) return { state: 'usable', detail: 'programs for engines of tenants’ own, with nftables' };
  const silent: string[] = [];
  for (const engine of engines) {
    try {
      const { exit, stderr } = await host.run({ title: `ask ${engine}`, argv: ASK[engine] }, signal);
      if (exit === 0) return { state: 'usable', detail: `${engine}, with nftables` };
      silent.push(`${engine} does not answer: ${stderr.trim().slice(0, 200)}`);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof BulkheadError)) throw error;
      silent.push(`${engine}: ${error.message}`);
    }
  }
  if (engines.length === 0) return { state: 'unusable', reason: 'no container engine is installed', fix: 'apt-get install docker.io' };
  return { state: 'unusable', reason: silent.join('; '), fix: `start it: systemctl start ${engines[0]}` };
}
