/** What the operating system says of a host and its tenants: three looks as whoever runs Bulkhead, one as each tenant. */
import * as v from 'valibot';
import type { Blueprint } from '../core/blueprint.ts';
import { known, unknown, type HostFacts, type Known, type ProcessFact, type TenantFacts } from '../core/facts.ts';
import type { HostAccounts } from '../core/os-facts.ts';
import type { Settings } from '../core/settings.ts';
import type { TenantId } from '../core/words.ts';
import { parseResult, runSelfContained, selfContainedProgram } from '../hosts/run-program.ts';
import { sibling } from '../hosts/self-contained.ts';
import { ENGINE_SOCKET } from '../openclaw/sandbox.ts';
import { ENGINE_SOCKETS, SELECTING_TEXTS, TAKEN_NAMES, isGatewayUnit } from '../openclaw/host-traces.ts';
import { builtInCodeRoots } from '../openclaw/settings/code-roots.ts';
import type { AccountRequest } from './account-collector.ts';
import { accountOf, hostAccounts, schedulesOf } from './accounts.ts';
import { MANAGEMENT_AGENTS } from './agents.ts';
import { ROOT_GROUPS } from '../core/os-facts.ts';
import type { CodeRequest } from './code-collector.ts';
import { AccountsSeen, CodeSeen, MachineSeen, PlacesSeen } from './collected-os.ts';
import { inspectContainer, inspectOwn } from './container.ts';
import type { MachineRequest } from './machine-collector.ts';
import type { PlaceRequest } from './place-collector.ts';
import { reason, type Subject } from './subject.ts';

export type OsFacts = Pick<
  TenantFacts,
  'account' | 'loginKeys' | 'surroundings' | 'service' | 'container' | 'install' | 'codeRoots' | 'homePathUses' | 'logs' | 'backup' | 'archives'
>;

export interface OsView {
  readonly accounts: Known<v.InferOutput<typeof AccountsSeen>>;
  readonly machine: Known<v.InferOutput<typeof MachineSeen>>;
  readonly places: Known<v.InferOutput<typeof PlacesSeen>>;
  /** Every tenant is on the rung profile: no account but the operator's own is anybody's boundary. */
  readonly onlyOperators: boolean;
}

type Part<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

/** `subjects` are all on one host and at least one; `processes` as that host's kernel showed them. */
export async function collectOsHost(subjects: readonly Subject[], processes: ReadonlyMap<TenantId, TenantFacts['process']>): Promise<OsView> {
  const [first] = subjects;
  const nobody = unknown('no tenant is on it');
  if (first === undefined) return { accounts: nobody, machine: nobody, places: nobody, onlyOperators: false };
  const accounts: AccountRequest = {
    uids: [...new Set(subjects.flatMap(({ details }) => details.uid ?? []))],
    groups: ROOT_GROUPS,
    program: 'openclaw',
    selecting: SELECTING_TEXTS,
  };
  const machine: MachineRequest = {
    tenants: subjects.map(({ blueprint: { tenant, found, paths } }) => {
      const running = runningOf(processes.get(tenant));
      if (running === undefined) return { tenant };
      const { pid, uid, kernel } = running;
      const process = { pid, uid, groups: [running.gid, ...running.groups], ...(kernel === undefined ? {} : { files: kernel.files }) };
      return { tenant, process, ...(found === true ? {} : { tree: paths.root }) };
    }),
    sockets: [...ENGINE_SOCKETS, ENGINE_SOCKET],
    names: TAKEN_NAMES,
    agents: MANAGEMENT_AGENTS,
  };
  const places: PlaceRequest = {
    tenants: subjects.map(({ blueprint, layout }) => ({
      tenant: blueprint.tenant,
      places: installPlaces(blueprint, runningOf(processes.get(blueprint.tenant))),
      log: `${layout.stateDir}/logs/${blueprint.tenant}.log`,
      ...(blueprint.backup === undefined ? {} : { backup: blueprint.backup.to }),
    })),
    ...(first.blueprint.found === true ? {} : { tree: first.blueprint.install.root }),
  };
  const [seenAccounts, seenMachine, seenPlaces] = await Promise.all([
    ask(first, 'account-collector', 'accounts', accounts, AccountsSeen),
    ask(first, 'machine-collector', 'mounts, control groups and units', machine, MachineSeen),
    ask(first, 'place-collector', 'the install, logs and backups', places, PlacesSeen),
  ]);
  const onlyOperators = subjects.every(({ blueprint }) => blueprint.rung === 'profile');
  return { accounts: seenAccounts, machine: seenMachine, places: seenPlaces, onlyOperators };
}

async function ask<const T extends v.GenericSchema>(
  { host, blueprint, signal }: Subject,
  program: string,
  what: string,
  request: unknown,
  shape: T,
): Promise<Known<v.InferOutput<T>>> {
  const title = `look at ${what} of ${host.id}`;
  try {
    // Tens of thousands of files are looked at: not in the process that everything else waits for.
    const apart = program === 'place-collector';
    const run = { program: sibling(import.meta.url, program), request, node: blueprint.install.node, title, timeoutMs: 60_000, apart };
    const answer = v.safeParse(shape, await runSelfContained<unknown>(host, run, signal));
    return answer.success ? known(answer.output, title) : unknown(`${what} of ${host.id} were described in an unexpected shape`);
  } catch (error) {
    return unknown(reason(error, signal));
  }
}

function runningOf(process: TenantFacts['process'] | undefined): ProcessFact | undefined {
  return process?.known === true ? (process.value ?? undefined) : undefined;
}

/** The package first; then Node and every directory of its PATH. */
function installPlaces({ install, environment, found, package: own }: Blueprint, running: ProcessFact | undefined): readonly string[] {
  if (found === true) return own === undefined ? [] : [own, ...pathOf(environment)];
  return [
    install.openclaw.slice(0, install.openclaw.lastIndexOf('/')),
    install.openclaw,
    install.node,
    ...pathOf(running?.environment ?? environment),
  ];
}

function pathOf(environment: Readonly<Record<string, string>>): readonly string[] {
  const path = environment['PATH'] ?? '';
  return path
    .split(':')
    .filter((dir) => dir.startsWith('/'))
    .slice(0, 50);
}

export function osHostFacts(view: OsView | undefined): Pick<HostFacts, 'accounts' | 'machine' | 'schedules'> {
  const nobody = unknown('no tenant is placed on it');
  if (view === undefined) return { accounts: nobody, machine: nobody, schedules: nobody };
  const { accounts, machine } = view;
  const own: Known<HostAccounts> = accounts.known ? open(accounts.value, () => hostAccounts(accounts.value)) : accounts;
  const schedules: HostFacts['schedules'] = !accounts.known
    ? accounts
    : view.onlyOperators
      ? known(schedulesOf(accounts.value), 'crontab -l and what all may read')
      : open(accounts.value, () => schedulesOf(accounts.value));
  return { accounts: own, schedules, machine: machine.known ? partOf(machine.value.machine, '/proc') : machine };
}

/** `settings` and `process` are what was seen of the tenant before. */
export async function collectOsTenant(
  subject: Subject,
  view: OsView | undefined,
  settings: Known<Settings>,
  process: TenantFacts['process'],
): Promise<OsFacts> {
  const { blueprint, details } = subject;
  const noLook = unknown('the host was not looked at');
  const machine = view?.machine.known === true ? view.machine.value.tenants[blueprint.tenant] : undefined;
  const places = view?.places.known === true ? view.places.value : undefined;
  const noMachine = view === undefined || view.machine.known ? noLook : view.machine;
  const noPlaces = view === undefined || view.places.known ? noLook : view.places;
  const own = places?.tenants[blueprint.tenant];
  const code = await collectCode(subject, settings, process);
  const service = machine === undefined ? noMachine : partOf(machine.service, '/proc/<pid>/cgroup');
  return {
    account: accountFact(view, details.uid, blueprint, runningOf(process)),
    surroundings: machine === undefined ? noMachine : ofOwnKernel(partOf(machine.surroundings, '/proc/<pid>'), runningOf(process)),
    // A unit that merely started whatever started the gateway is not its own.
    service: !service.known || isGatewayUnit(service.value.unit, blueprint.serviceName) ? service : known({ places: [] }, service.source),
    container: machine === undefined ? noMachine : await containerFact(subject, machine.container),
    install: own === undefined || places === undefined ? noPlaces : installFact(own.places, places.loose),
    archives: own === undefined ? noPlaces : partOf(own.archives, 'the destination of its backups'),
    backup: known(blueprint.backup ?? null, 'declared'),
    loginKeys: code.loginKeys,
    codeRoots: code.codeRoots,
    homePathUses: code.homePathUses,
    logs: own === undefined ? noPlaces : withServiceLog(code.logs, own.log),
  };
}

/** Its /proc, /tmp and /dev/shm are that kernel's own. */
function ofOwnKernel(seen: TenantFacts['surroundings'], running: ProcessFact | undefined): TenantFacts['surroundings'] {
  const kernel = running?.kernel;
  if (kernel === undefined || !seen.known || seen.value === null) return seen;
  const { hidepid, tmp, shm } = kernel;
  return known({ ...seen.value, hidepid, tmp, shm }, `${seen.source}, /proc in its gVisor`);
}

function partOf<T>(seen: Part<T>, source: string): Known<T> {
  return seen.ok ? known(seen.value, source) : unknown(seen.why);
}

const ACCOUNT_FILES = '/etc/passwd, /etc/group, /etc/sudoers';

/** Half of what is known of accounts would look like all there is. */
function open<T>({ closed }: v.InferOutput<typeof AccountsSeen>, make: () => T): Known<T> {
  return closed.length > 0 ? unknown(`only root may read ${closed.join(', ')}`) : known(make(), ACCOUNT_FILES);
}

/** On the rung profile it is the account of whoever runs Bulkhead: its groups are known to all, its rules of sudo are its own affair. */
function accountFact(view: OsView | undefined, uid: number | undefined, { user, rung }: Blueprint, running?: ProcessFact): TenantFacts['account'] {
  if (uid === undefined) return unknown('its OS user does not exist');
  if (view === undefined) return unknown('the host was not looked at');
  if (!view.accounts.known) return view.accounts;
  const account = accountOf(view.accounts.value, uid, user?.name, running?.uid === uid ? [running.gid, ...running.groups] : undefined);
  if (account === undefined) return unknown(`no account of the host has uid ${uid}`);
  return rung === 'profile' ? known({ ...account, rootRules: [] }, '/etc/passwd, /etc/group') : open(view.accounts.value, () => account);
}

async function containerFact({ host, details, signal }: Subject, seen: Part<string | null>): Promise<TenantFacts['container']> {
  // The rung knows it; how engines name control groups is theirs to choose (--cgroup-parent).
  if (details.askEngine !== undefined) return await inspectOwn(host, details.askEngine, signal);
  if (details.container !== undefined) return await inspectContainer(host, details.container, signal);
  if (!seen.ok) return unknown(seen.why);
  return seen.value === null ? known(null, '/proc/<pid>/cgroup') : await inspectContainer(host, seen.value, signal);
}

function installFact(places: Part<TenantFacts['install'] extends Known<infer T> ? T : never>, loose: typeof places): TenantFacts['install'] {
  if (!places.ok) return unknown(places.why);
  return loose.ok ? known([...places.value, ...loose.value], 'the install') : unknown(loose.why);
}

function withServiceLog(
  logs: TenantFacts['logs'],
  own: Part<readonly { path: string; uid: number; gid: number; mode: number }[] | null>,
): TenantFacts['logs'] {
  if (!logs.known) return logs;
  if (!own.ok) return unknown(own.why);
  return own.value === null ? logs : known([...logs.value, own.value], logs.source);
}

type Code = Pick<TenantFacts, 'loginKeys' | 'codeRoots' | 'homePathUses' | 'logs'>;

async function collectCode(subject: Subject, settings: Known<Settings>, process: TenantFacts['process']): Promise<Code> {
  const { blueprint, layout, isolation, observed, details, host, signal } = subject;
  const nothing = (why: string): Code => ({ loginKeys: unknown(why), codeRoots: unknown(why), homePathUses: unknown(why), logs: unknown(why) });
  if (!observed.known) return nothing(observed.why);
  if (details.uid === undefined) return nothing('it is not built: its OS user does not exist');
  if (!settings.known) return nothing(settings.why);
  const environment = runningOf(process)?.environment ?? blueprint.environment;
  const { state, home, logFile } = blueprint.paths;
  const roots = [...builtInCodeRoots(environment['OPENCLAW_STATE_DIR'] ?? state, environment), ...settings.value.codeRoots];
  const request: CodeRequest = {
    roots: roots.map(({ kind, from, value }) => ({ kind, from, path: value })),
    homes: [...new Set([home, environment['HOME'] ?? home])],
    // On the rung profile the account is the operator's own.
    account: blueprint.rung !== 'profile',
    logs: [logFile],
    stateName: '.openclaw',
  };
  const title = `look at plugins and keys of ${blueprint.tenant}`;
  try {
    const program = selfContainedProgram({
      program: sibling(import.meta.url, 'code-collector'),
      request,
      node: blueprint.install.node,
      title,
      timeoutMs: 30_000,
    });
    const result = await host.run(isolation.asTenant(blueprint, layout, observed.value, program), signal);
    const answer = v.safeParse(CodeSeen, parseResult<unknown>(result, title, host.id));
    if (!answer.success) return nothing(`plugins and keys of ${blueprint.tenant} were described in an unexpected shape`);
    const source = 'read as the tenant';
    const { loginKeys, roots: seen, homePathUses, logs } = answer.output;
    return {
      loginKeys: partOf(loginKeys, source),
      codeRoots: partOf(seen, source),
      homePathUses: partOf(homePathUses, source),
      logs: partOf(logs, source),
    };
  } catch (error) {
    return nothing(reason(error, signal));
  }
}
