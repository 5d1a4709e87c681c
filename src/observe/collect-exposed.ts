/** Looks for tenants' tokens in the command lines of their hosts, and takes in what their shell histories showed. */
import * as v from 'valibot';
import { known, unknown, type Known } from '../core/facts.ts';
import type { ExposedToken, SecretFact } from '../core/secret-facts.ts';
import type { HostId, TenantId } from '../core/words.ts';
import { runSelfContained } from '../hosts/run-program.ts';
import { sibling } from '../hosts/self-contained.ts';
import type { ArgvRequest } from './argv-collector.ts';
import type { SecretView } from './collect-secrets.ts';
import { ArgvCollected } from './collected-secrets.ts';
import { reason, type Subject } from './subject.ts';

export type Exposed = (tenant: TenantId) => Known<readonly ExposedToken[]>;
type Found = Known<v.InferOutput<typeof ArgvCollected>['found']>;

/** One look at each host for all of its tenants. */
export async function collectExposed(subjects: readonly Subject[], views: ReadonlyMap<TenantId, SecretView>, key: string): Promise<Exposed> {
  const byHost = Map.groupBy(subjects, ({ blueprint }) => blueprint.host);
  const found = new Map<HostId, Found>();
  const lookOn = async ([host, here]: readonly [HostId, readonly Subject[]]): Promise<void> => {
    const digests = here.flatMap(({ blueprint }) => secretsOf(views.get(blueprint.tenant)).flatMap(({ digest }) => digest ?? []));
    found.set(host, await look(here, { key, digests: [...new Set(digests)] }));
  };
  await Promise.all([...byHost].map(lookOn));
  const hostOf = new Map(subjects.map(({ blueprint }) => [blueprint.tenant, blueprint.host]));
  return (tenant) => exposedOf(views.get(tenant), found.get(hostOf.get(tenant) ?? ''));
}

async function look(subjects: readonly Subject[], request: ArgvRequest): Promise<Found> {
  const [first] = subjects;
  if (first === undefined) return known([], 'nobody is on it');
  const { host, blueprint, signal } = first;
  const title = `look for tokens in command lines of ${host.id}`;
  try {
    const run = {
      program: sibling(import.meta.url, 'argv-collector'),
      request,
      node: blueprint.install.node,
      title,
      timeoutMs: 60_000,
      redact: true,
    };
    const answer = v.safeParse(ArgvCollected, await runSelfContained<unknown>(host, run, signal));
    return answer.success
      ? known(answer.output.found, '/proc/*/cmdline')
      : unknown(`command lines of ${host.id} were described in an unexpected shape`);
  } catch (error) {
    return unknown(reason(error, signal));
  }
}

function exposedOf(view: SecretView | undefined, found: Found | undefined): Known<readonly ExposedToken[]> {
  if (view === undefined || found === undefined) return unknown('it was not looked at');
  if (!view.secrets.known) return view.secrets;
  if (!view.histories.known) return view.histories;
  if (!found.known) return found;
  const roles = new Map(view.secrets.value.flatMap(({ digest, role }) => (digest === undefined ? [] : [[digest, role] as const])));
  const shown = [
    ...found.value.map(({ digest, pid, uid }) => ({ digest, where: `process ${pid} of uid ${uid}` })),
    ...view.histories.value.map(({ digest, file }) => ({ digest, where: `file:${file}` })),
  ];
  return known(
    shown.flatMap(({ digest, where }): readonly ExposedToken[] => {
      const role = roles.get(digest);
      return role === undefined ? [] : [{ role, where }];
    }),
    found.source,
  );
}

function secretsOf(view: SecretView | undefined): readonly SecretFact[] {
  return view?.secrets.known === true ? view.secrets.value : [];
}
