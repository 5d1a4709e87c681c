/** The gateway's process where its kernel is gVisor: its sandbox by the host's word, what runs in that by a program of ours inside. */
import * as v from 'valibot';
import { known, unknown, type Known, type ProcessFact } from '../core/facts.ts';
import { parseResult, selfContainedProgram } from '../hosts/run-program.ts';
import { sibling } from '../hosts/self-contained.ts';
import type { SeenVariables } from '../openclaw/credentials/environment.ts';
import { GvisorCollected } from './collected.ts';
import type { GvisorSeen } from './host-collector.ts';
import type { GvisorRequest } from './gvisor-collector.ts';
import { reason, type Subject } from './subject.ts';

interface SeenWithin {
  readonly process: Known<ProcessFact | null>;
  readonly variables: Known<SeenVariables | null>;
}

const SOURCE = '/proc in its gVisor; the sandbox in /proc of the host';

/** Nothing is run in one that we did not build. */
export async function lookIntoGvisor(subject: Subject, sandbox: GvisorSeen, request: GvisorRequest): Promise<SeenWithin> {
  const { blueprint, layout, isolation, observed, host, signal } = subject;
  const nothing = (why: string): SeenWithin => ({ process: unknown(why), variables: unknown(why) });
  if (blueprint.found === true) return nothing('it runs in gVisor, whose processes the host does not see');
  if (!observed.known) return nothing(`it runs in gVisor, which was not entered: ${observed.why}`);
  const title = `look into the gVisor of ${blueprint.tenant}`;
  const program = sibling(import.meta.url, 'gvisor-collector');
  try {
    const run = selfContainedProgram({ program, request, node: blueprint.install.node, title, timeoutMs: 60_000, redact: true });
    const result = await host.run(isolation.enter(blueprint, layout, observed.value, run), signal);
    const answer = v.safeParse(GvisorCollected, parseResult<unknown>(result, title, host.id));
    if (!answer.success) return nothing('its gVisor was described in an unexpected shape');
    const { process, kernel } = answer.output;
    if (process === null) return { process: known(null, SOURCE), variables: known(null, SOURCE) };
    const { variables, namespaces, ...told } = process;
    const { pid, startTicks, net, files } = sandbox;
    // Its numbers inside say nothing to the host; its network is the host's.
    return {
      process: known({ ...told, pid, startTicks, namespaces: { ...namespaces, net }, kernel: { ...kernel, files } }, SOURCE),
      variables: known(variables, SOURCE),
    };
  } catch (error) {
    return nothing(reason(error, signal));
  }
}
