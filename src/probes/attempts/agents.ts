/**
 * The agents of a tenant that has several. Each works in a directory of its own below the tenant's workspace and is kept to it by its policy, so that the
 * canaries that it may read must lie there too.
 */
import { copyFileSync, constants, mkdirSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { relative } from 'node:path';
import { call } from './session.ts';
import { quietly } from './quietly.ts';

export interface Agent {
  readonly id: string;
  readonly workspace: string;
}

/** The default one first; none where there is but one, who needs no name. Source: openclaw 2026.9.6 docs/gateway/openai-http-api.md. */
export async function agentsAt(port: number, token: string): Promise<readonly Agent[]> {
  const [listed] = await call(port, token, [['agents.list', {}]]);
  const agents = Array.isArray(listed?.['agents']) ? (listed['agents'] as readonly Partial<Record<string, unknown>>[]) : [];
  const own = agents.flatMap(({ id, workspace }) => (typeof id === 'string' && typeof workspace === 'string' ? [{ id, workspace }] : []));
  own.sort((left, right) => Number(right.id === listed?.['defaultId']) - Number(left.id === listed?.['defaultId']));
  return own.length > 1 ? own : [];
}

const CANARY = /^\.bulkhead-canary-[0-9a-f]{8,}(\.md)?$/;

/** Lays the canaries of the tenant's workspace into those of its agents; gives what takes them away again. */
export function settleIn(agents: readonly Agent[], workspace: string): () => void {
  const undo: (() => void)[] = [];
  for (const below of ['', '/memory']) {
    const names = namesIn(`${workspace}${below}`).filter((name) => CANARY.test(name));
    for (const agent of agents) {
      if (agent.workspace === workspace || names.length === 0) continue;
      const directory = `${agent.workspace}${below}`;
      quietly(() => {
        mkdirSync(directory, { mode: 0o700 });
        undo.push(() => rmdirSync(directory));
      });
      for (const name of names)
        quietly(() => {
          copyFileSync(`${workspace}${below}/${name}`, `${directory}/${name}`, constants.COPYFILE_EXCL);
          undo.push(() => unlinkSync(`${directory}/${name}`));
        });
    }
  }
  return () => {
    for (const step of undo.toReversed()) quietly(step);
  };
}

/** What is said to one agent: the tenant's workspace is its own one there, and what begins with `../` begins one or more steps deeper. */
export function saidTo(agent: Agent | undefined, workspace: string, text: string): string {
  if (agent === undefined || agent.workspace === workspace) return text;
  return text.replaceAll(`${workspace}/`, `${agent.workspace}/`).replaceAll('"../', `"${relative(agent.workspace, workspace)}/../`);
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
