/** The quick look of `status` at the gateways of one machine: here each by itself, on another machine all in one program. */
import * as v from 'valibot';
import { unknown, type Known } from '../core/facts.ts';
import type { TenantId } from '../core/words.ts';
import { runSelfContained } from '../hosts/run-program.ts';
import { sibling } from '../hosts/self-contained.ts';
import { collectHost, hostRequest, readHost, type HostView } from './collect-host.ts';
import { askGateway, doorOf, helloFrom, mayHoldToken, requestTo, type Hello } from './live.ts';
import type { StatusRequest } from './status-collector.ts';
import { reason, type Subject } from './subject.ts';

export interface StatusView {
  readonly host: Known<HostView>;
  /** Of those that were asked. */
  readonly hellos: ReadonlyMap<TenantId, Known<Hello>>;
}

const Answer = v.strictObject({ host: v.unknown(), hellos: v.record(v.string(), v.unknown()) });
/** For a gateway to say who it is. */
const HELLO_MS = 8000;
const NONE: ReadonlyMap<TenantId, Known<Hello>> = new Map();
const NO_VIEWS = new Map();

/** `subjects` are all on one host; `ask`: those whose gateways are to be asked, where the listener turns out to be their own. */
export async function collectStatus(subjects: readonly Subject[], ask: readonly Subject[]): Promise<StatusView> {
  const [first] = subjects;
  if (first === undefined || first.host.here === true) return await collectHere(subjects, ask);
  const { host, blueprint, signal } = first;
  const request: StatusRequest = {
    host: hostRequest(subjects, NO_VIEWS),
    gateways: ask.map((subject) => ({ tenant: subject.blueprint.tenant, door: doorOf(subject), ask: requestTo(subject, 'hello', HELLO_MS) })),
  };
  const program = sibling(import.meta.url, 'status-collector');
  const title = `look at the gateways of ${host.id}`;
  try {
    const said = await runSelfContained<unknown>(host, { program, request, node: blueprint.install.node, title, timeoutMs: 60_000 }, signal);
    const answer = v.safeParse(Answer, said);
    if (!answer.success) return { host: unknown(`${host.id} was described in an unexpected shape`), hellos: NONE };
    const { host: seen, hellos } = answer.output;
    const told = ask.flatMap((subject) => {
      const { tenant } = subject.blueprint;
      return Object.hasOwn(hellos, tenant) ? [[tenant, helloFrom(subject, hellos[tenant])] as const] : [];
    });
    const view = await readHost(subjects, seen);
    // The program there does not see who runs in gVisor: readHost has looked into it.
    const rest = ask.filter(({ blueprint }) => !Object.hasOwn(hellos, blueprint.tenant));
    return { host: view, hellos: new Map([...told, ...(await askThose(rest, view))]) };
  } catch (error) {
    return { host: unknown(reason(error, signal)), hellos: NONE };
  }
}

async function collectHere(subjects: readonly Subject[], ask: readonly Subject[]): Promise<StatusView> {
  const host = await collectHost(subjects, NO_VIEWS);
  return { host, hellos: new Map(await askThose(ask, host)) };
}

/** Those whose listener is their own. */
async function askThose(ask: readonly Subject[], host: Known<HostView>): Promise<readonly (readonly [TenantId, Known<Hello>])[]> {
  const hellos = ask.map(async (subject) => {
    const { tenant } = subject.blueprint;
    const seen = host.known ? host.value.tenants[tenant] : undefined;
    if (seen === undefined || !mayHoldToken(subject, seen.process, seen.listener).known) return [];
    return [[tenant, await askGateway(subject)] as const];
  });
  return (await Promise.all(hellos)).flat();
}
