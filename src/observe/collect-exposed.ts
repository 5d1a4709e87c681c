/** Looks for tenants' tokens in the command lines of their hosts, and takes in what their shell histories showed. */
import * as v from 'valibot';
import { known, unknown, type Known } from '../core/facts.ts';
import type { ExposedToken, SecretFact } from '../core/secret-facts.ts';
import type { HostId, TenantId } from '../core/words.ts';
import { parseResult, runSelfContained, selfContainedProgram } from '../hosts/run-program.ts';
import { sibling } from '../hosts/self-contained.ts';
import type { ArgvRequest } from './argv-collector.ts';
import type { SecretView } from './collect-secrets.ts';
import { ArgvCollected } from './collected-secrets.ts';
import { reason, type Subject } from './subject.ts';

export type Exposed = (tenant: TenantId) => Known<readonly ExposedToken[]>;
type Found = Known<v.InferOutput<typeof ArgvCollected>['found']>;

export interface ExposedInput {
  readonly subjects: readonly Subject[];
  readonly views: ReadonlyMap<TenantId, SecretView>;
  /** Of the run. */
  readonly key: string;
  /** Whether its processes are seen inside only. */
  isWithin(subject: Subject): boolean;
}

/** One look at each host for all of its tenants, and one inside each whose processes the host does not see. */
export async function collectExposed({ subjects, views, key, isWithin }: ExposedInput): Promise<Exposed> {
  const byHost = Map.groupBy(subjects, ({ blueprint }) => blueprint.host);
  const found = new Map<HostId, Found>();
  const lookOn = async ([host, here]: readonly [HostId, readonly Subject[]]): Promise<void> => {
    const digests = here.flatMap(({ blueprint }) => secretsOf(views.get(blueprint.tenant)).flatMap(({ digest }) => digest ?? []));
    const request = { key, digests: [...new Set(digests)] };
    const looks = await Promise.all([look(here, request), ...here.filter(isWithin).map((subject) => lookWithin(subject, request))]);
    const failed = looks.find((one) => !one.known);
    found.set(
      host,
      failed ??
        known(
          looks.flatMap((one) => (one.known ? one.value : [])),
          looks.length > 1 ? '/proc/*/cmdline, also in gVisor' : '/proc/*/cmdline',
        ),
    );
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

async function lookWithin({ blueprint, layout, isolation, observed, host, signal }: Subject, request: ArgvRequest): Promise<Found> {
  const title = `look for tokens in command lines inside ${blueprint.tenant}`;
  if (!observed.known) return unknown(observed.why);
  try {
    const program = sibling(import.meta.url, 'argv-collector');
    const run = selfContainedProgram({ program, request, node: blueprint.install.node, title, timeoutMs: 60_000, redact: true });
    const result = await host.run(isolation.enter(blueprint, layout, observed.value, run), signal);
    const answer = v.safeParse(ArgvCollected, parseResult<unknown>(result, title, host.id));
    return answer.success ? known(answer.output.found, '/proc/*/cmdline') : unknown('its command lines were described in an unexpected shape');
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
