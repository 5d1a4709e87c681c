/** Runs the host's collector once for all tenants of a host and turns what it says into facts. */
import * as v from 'valibot';
import { known, unknown, type Known, type ListenerFact, type ProcessFact } from '../core/facts.ts';
import type { TenantId } from '../core/words.ts';
import { runSelfContained } from '../hosts/run-program.ts';
import { sibling } from '../hosts/self-contained.ts';
import { MASKING } from '../openclaw/credentials/masking-rules.ts';
import type { SeenVariables } from '../openclaw/credentials/environment.ts';
import { VISIBLE_NAMES } from '../openclaw/credentials/variables.ts';
import type { TenantView } from './collect-tenant.ts';
import { HostCollected } from './collected.ts';
import type { HostRequest } from './host-collector.ts';
import { lookIntoGvisor } from './look-into-gvisor.ts';
import { reason, type Subject } from './subject.ts';

/** Real path → what lies behind it: each of the tenant's paths, and each mount below them. */
export type Backings = Readonly<Record<string, { readonly backing: string; readonly fileSystem: string }>>;

export interface HostView {
  readonly bootId: string;
  readonly addresses: readonly string[];
  readonly namespaces: Readonly<Record<string, string>>;
  readonly tenants: Readonly<
    Record<
      TenantId,
      {
        readonly process: Known<ProcessFact | null>;
        /** Its environment, secrets masked; null when nothing runs. */
        readonly variables: Known<SeenVariables | null>;
        readonly listener: Known<ListenerFact | null>;
        readonly backings: Known<Backings>;
      }
    >
  >;
}

/** `subjects` are all on one host and at least one; `key` masks secrets among their variables, of which nothing is read without it. */
export async function collectHost(subjects: readonly Subject[], views: ReadonlyMap<TenantId, TenantView>, key?: string): Promise<Known<HostView>> {
  const [first] = subjects;
  if (first === undefined) return unknown('no tenant is placed on it');
  const { host, blueprint, signal } = first;
  const request = hostRequest(subjects, views, key);
  const title = `look at processes and listeners of ${host.id}`;
  try {
    const run = {
      program: sibling(import.meta.url, 'host-collector'),
      request,
      node: blueprint.install.node,
      title,
      timeoutMs: 60_000,
      redact: true,
    };
    return await readHost(subjects, await runSelfContained<unknown>(host, run, signal), key);
  } catch (error) {
    return unknown(reason(error, signal));
  }
}

/** What host-collector.ts is asked of them. */
export function hostRequest(subjects: readonly Subject[], views: ReadonlyMap<TenantId, TenantView>, key?: string): HostRequest {
  return {
    ...secretsRequest(key),
    tenants: subjects.map(({ blueprint: { tenant, publishedPort }, details }) => {
      const paths = views.get(tenant)?.paths;
      const wanted = { tenant, port: publishedPort, paths: paths?.known === true ? paths.value.map(({ real }) => real) : [] };
      return details.pid === undefined ? wanted : { ...wanted, pid: details.pid };
    }),
  };
}

function secretsRequest(key: string | undefined): Pick<HostRequest, 'names' | 'masking'> {
  return key === undefined ? { names: [] } : { names: VISIBLE_NAMES, masking: { key, rules: MASKING } };
}

/** What host-collector.ts said of them; asks in each gVisor of theirs what the host cannot tell. */
export async function readHost(subjects: readonly Subject[], said: unknown, key?: string): Promise<Known<HostView>> {
  const answer = v.safeParse(HostCollected, said);
  if (!answer.success) return unknown(`${subjects[0]?.host.id ?? 'a host'} was described in an unexpected shape`);
  const view = viewOf(answer.output);
  const within = await Promise.all(
    subjects.flatMap((subject) => {
      const { tenant } = subject.blueprint;
      const [own, sandbox] = [view.tenants[tenant], answer.output.tenants[tenant]?.sandbox];
      if (own === undefined || sandbox === undefined) return [];
      return [lookIntoGvisor(subject, sandbox, secretsRequest(key)).then((process) => [tenant, { ...own, ...process }] as const)];
    }),
  );
  return known({ ...view, tenants: { ...view.tenants, ...Object.fromEntries(within) } }, '/proc');
}

function viewOf({ bootId, addresses, namespaces, tenants }: v.InferOutput<typeof HostCollected>): HostView {
  const views = Object.entries(tenants).map(([tenant, { process, listener, backings }]) => [
    tenant,
    { ...processOf(process), listener: factOf(listener, '/proc/net/tcp'), backings: factOf(backings, '/proc/<pid>/mountinfo') },
  ]);
  return { bootId, addresses, namespaces, tenants: Object.fromEntries(views) };
}

type ProcessSeen = v.InferOutput<typeof HostCollected>['tenants'][string]['process'];

function processOf(seen: ProcessSeen): Pick<HostView['tenants'][string], 'process' | 'variables'> {
  if (!seen.ok) return { process: unknown(seen.why), variables: unknown(seen.why) };
  if (seen.value === null) return { process: known(null, '/proc/<pid>'), variables: known(null, '/proc/<pid>/environ') };
  const { variables, ...process } = seen.value;
  return { process: known(process, '/proc/<pid>'), variables: known(variables, '/proc/<pid>/environ') };
}

function factOf<T>(seen: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string }, source: string): Known<T> {
  return seen.ok ? known(seen.value, source) : unknown(seen.why);
}
