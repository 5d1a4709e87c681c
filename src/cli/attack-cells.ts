/** Attacks between gateways in containers that somebody else built, from inside each, and OpenClaw's audit of each. What is planted is taken away again. */
import * as v from 'valibot';
import type { Blueprint, Layout } from '../core/blueprint.ts';
import type { AuditView, Facts, TenantFacts } from '../core/facts.ts';
import type { Host } from '../core/host.ts';
import type { PairCoverage, ProbeResult } from '../core/probe.ts';
import type { TenantId } from '../core/words.ts';
import { auditFleet } from '../observe/audits.ts';
import { reason } from '../observe/subject.ts';
import { PROBES } from '../probes/index.ts';
import { choosePairs } from '../probes/pairs.ts';
import { runProbes, type ProbeRun } from '../probes/run.ts';
import { cellIsolation, inside, insideBlueprint, seenFrom, type Cell } from '../scan/cell.ts';
import type { Source } from '../scan/discover.ts';
import type { FoundGateway, Scan } from '../scan/scan.ts';

export interface CellAttack extends Pick<ProbeRun, 'onResult' | 'onPair'> {
  readonly scan: Scan;
  /** Whether OpenClaw's own audit is run in each, too. */
  readonly audit: boolean;
  readonly host: Host;
  readonly layout: Layout;
  readonly mostPairs: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
}

export interface CellsAttacked {
  readonly facts: Facts;
  readonly probes: readonly ProbeResult[];
  readonly pairs: PairCoverage;
  /** Who was attacked and who was not, and why. */
  readonly source: Source;
}

interface Entered {
  readonly found: FoundGateway;
  readonly cell: Cell;
  readonly blueprint: Blueprint;
}

/** Never throws for a container that cannot be entered: it is named as not attacked. */
export async function attackCells(input: CellAttack): Promise<CellsAttacked> {
  const { scan, host, layout, signal, onProgress } = input;
  const looked = await Promise.all(scan.gateways.map(async (found) => ({ found, cell: await cellOf(host, found, signal) })));
  const entered = looked.flatMap(({ found, cell }): Entered[] =>
    typeof cell === 'string' ? [] : [{ found, cell, blueprint: insideBlueprint(found.blueprint, cell) }],
  );
  const left = looked.flatMap(({ found, cell }) => (typeof cell === 'string' ? [`${found.blueprint.tenant}: ${cell}`] : []));
  const source = sourceOf(entered, left);
  const of = new Map(entered.map((one) => [one.blueprint.tenant, one]));
  const cellFor = (tenant: TenantId): Cell => of.get(tenant)?.cell ?? unmet(tenant);
  const doors = {
    layoutOf: () => layout,
    hostOf: () => host,
    isolationOf: ({ tenant, rung }: Blueprint) => cellIsolation(cellFor(tenant), rung),
    observedOf: ({ tenant }: Pick<Blueprint, 'tenant'>) => cellFor(tenant),
    signal,
  };
  const blueprints = entered.map(({ blueprint }) => blueprint);
  if (input.audit) onProgress(`audit ${blueprints.length} gateways from inside`);
  const audits = input.audit ? await auditFleet({ ...doors, blueprints }) : new Map<TenantId, AuditView>();
  const facts = { ...scan.facts, tenants: scan.facts.tenants.map((tenant) => withAudit(tenant, of.get(tenant.tenant), audits.get(tenant.tenant))) };
  const { pairs, coverage } = choosePairs({ tenants: blueprints, trust: facts.trust, most: input.mostPairs, seed: input.seed });
  const { onResult, onPair } = input;
  const run: ProbeRun = {
    ...doors,
    blueprints,
    pairs,
    facts,
    // As its user outside of its container nothing of a container holds: that is another attack.
    probes: PROBES.filter(({ vantage }) => vantage === 'inside'),
    // A token would have to be taken from a container: attacks with one are made only where Bulkhead gave it.
    tokenOf: () => undefined,
    seenFrom: (attacker, victim) => seenFrom(cellFor(attacker.tenant), cellFor(victim.tenant), victim),
    onLine: onProgress,
    ...(onResult === undefined ? {} : { onResult }),
    ...(onPair === undefined ? {} : { onPair }),
  };
  return { facts, probes: pairs.length === 0 ? [] : await runProbes(run), pairs: coverage, source };
}

function unmet(tenant: TenantId): never {
  throw new Error(`${tenant} was not entered`);
}

function sourceOf(entered: readonly Entered[], left: readonly string[]): Source {
  const what = 'attacks';
  const not = left.length === 0 ? '' : `not attacked: ${left.join('; ')}`;
  if (entered.length < 2)
    return {
      what,
      state: 'partly',
      detail: [`${entered.length} gateways could be entered: nobody is there to attack`, not].filter((text) => text !== '').join('; '),
    };
  const names = entered.map(({ blueprint }) => blueprint.tenant).join(', ');
  return { what, state: left.length === 0 ? 'looked' : 'partly', detail: [`from inside ${names}`, not].filter((text) => text !== '').join('; ') };
}

/** What an audit says of its config is in the container's words; facts are in those of the host. */
function withAudit(tenant: TenantFacts, entered: Entered | undefined, view: AuditView | undefined): TenantFacts {
  if (entered === undefined || view === undefined) return tenant;
  const { audit, auditRun } = view;
  if (!audit.known || audit.value.ranAs.configPath !== entered.blueprint.paths.configFile) return { ...tenant, entered: true, audit, auditRun };
  const { ranAs } = audit.value;
  return {
    ...tenant,
    entered: true,
    auditRun,
    audit: { ...audit, value: { ...audit.value, ranAs: { ...ranAs, configPath: tenant.declared.configPath } } },
  };
}

const Networks = v.record(v.string(), v.nullish(v.object({ IPAddress: v.nullish(v.string(), ''), Gateway: v.nullish(v.string(), '') })));

/** What is asked of a container before it is entered, or why it is not. */
async function cellOf(host: Host, { gateway }: FoundGateway, signal: AbortSignal): Promise<Cell | string> {
  const { sighting } = gateway.main;
  const { container, process, launch } = sighting;
  if (container === undefined) return 'it runs in no container';
  const { fact, id } = container;
  const { engine, mounts } = fact;
  if (engine === 'kubernetes') return 'pods are not entered';
  if (!container.running || process === undefined) return 'its container does not run a gateway';
  if (!launch.known) return launch.why;
  const ask = async (argv: readonly [string, ...string[]]): Promise<string> => {
    const { exit, stdout, stderr } = await host.run({ title: `ask for ${fact.name}`, argv, timeoutMs: 20_000, passEnvironment: ['PATH'] }, signal);
    if (exit !== 0) throw new Error(`${argv[0]} ended with ${exit}: ${stderr.trim().slice(0, 200)}`);
    return stdout.trim();
  };
  try {
    const node = await ask(['readlink', `/proc/${process.pid}/exe`]);
    const networks = v.parse(
      Networks,
      JSON.parse(await ask([engine, 'inspect', '--type', 'container', '--format', '{{json .NetworkSettings.Networks}}', id])),
    );
    const [network] = Object.values(networks).filter((one) => one !== null && one !== undefined && one.IPAddress !== '');
    const { IPAddress: address, Gateway: hostAddress } = network ?? {};
    const directory = inside(launch.value.directory, mounts).replace(/\/$/, '');
    return {
      engine,
      id,
      mounts,
      node,
      openclaw: openclawOf(launch.value.argv, directory),
      pid: process.pid,
      uid: process.uid,
      gid: process.gid,
      ...(address ? { address } : {}),
      ...(hostAddress ? { hostAddress } : {}),
    };
  } catch (error) {
    return reason(error, signal);
  }
}

/** The package's own program: named on the command line, or where images of OpenClaw start it (openclaw 2026.9.6, Dockerfile: WORKDIR /app). */
function openclawOf(argv: readonly string[], directory: string): string {
  const named = argv.find((word) => /(?:^|\/)openclaw\.mjs$/.test(word));
  return named === undefined ? `${directory}/openclaw.mjs` : named.startsWith('/') ? named : `${directory}/${named}`;
}
