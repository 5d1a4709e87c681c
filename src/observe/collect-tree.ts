/** Runs the tree collector as the tenant and turns what it says into facts. */
import * as v from 'valibot';
import { known, unknown, type Known, type PathRole, type TenantFacts } from '../core/facts.ts';
import type { PlaceSettings } from '../core/place-settings.ts';
import { parseResult, selfContainedProgram } from '../hosts/run-program.ts';
import { sibling } from '../hosts/self-contained.ts';
import { promptRequest } from '../openclaw/prompts.ts';
import { secretFiles } from '../openclaw/secrets.ts';
import { secretBearers, stateDatabases, stateMarks } from '../openclaw/state-files.ts';
import type { TenantCollected } from './collected.ts';
import { reason, type Subject } from './subject.ts';
import { TreeCollected } from './tree-collected.ts';
import type { TreeRequest } from './tree-collector.ts';

export type TreeView = Pick<TenantFacts, 'hardLinks' | 'links' | 'access' | 'prompts' | 'stores'>;

type Collected = v.InferOutput<typeof TenantCollected>;

/** What the tenant collector has told before. */
export interface Before {
  readonly first: Collected;
  readonly second: Collected | undefined;
  readonly places: PlaceSettings;
}

/** What nobody else has a business in. Scratch directories hold nothing that stays, the root of the tree only names, a backup is not the tenant's. */
const CLOSED: readonly PathRole[] = ['config', 'state', 'workspace', 'credentials', 'agent', 'browser', 'log', 'home', 'sandbox', 'secrets'];

export async function collectTree(subject: Subject, observed: unknown, key: string, before: Before): Promise<TreeView> {
  const { blueprint, layout, isolation, host, signal } = subject;
  const title = `look through the tree of ${blueprint.tenant}`;
  try {
    const program = selfContainedProgram({
      program: sibling(import.meta.url, 'tree-collector'),
      request: requestOf(subject, key, before),
      node: blueprint.install.node,
      title,
      timeoutMs: 30_000,
      redact: true,
    });
    const command = isolation.asTenant(blueprint, layout, observed, program);
    const answer = v.safeParse(TreeCollected, parseResult<unknown>(await host.run(command, signal), title, host.id));
    if (!answer.success) throw new Error(`the tree of ${blueprint.tenant} was described in an unexpected shape`);
    const { hardLinks, links, access, prompts, stores } = answer.output;
    return { hardLinks: factOf(hardLinks), links: factOf(links), access: factOf(access), prompts: factOf(prompts), stores: factOf(stores) };
  } catch (error) {
    const why = unknown(reason(error, signal));
    return { hardLinks: why, links: why, access: why, prompts: why, stores: why };
  }
}

function requestOf({ blueprint }: Subject, key: string, { first, second, places }: Before): TreeRequest {
  const { paths } = blueprint;
  const seen = [first, second].flatMap((one) => (one?.paths.ok === true ? one.paths.value : []));
  const includes = first.includes.ok ? first.includes.value : [];
  const agentDirs = places.agents.map(({ directory }) => directory.value).filter((path) => path.startsWith('/'));
  const workspaces = [places.workspace, ...places.agents.flatMap(({ workspaces: own }) => own)]
    .map(({ value }) => value)
    .filter((path) => path.startsWith('/'));
  return {
    key,
    roots: [paths.root],
    closed: [
      ...seen.filter(({ role, exists }) => exists && CLOSED.includes(role)).map(({ role, declared }) => ({ what: role, path: declared })),
      ...includes.filter(({ holdsSecret }) => holdsSecret).map(({ declared }) => ({ what: 'included file', path: declared })),
      ...secretFiles(blueprint).map(({ role, file }) => ({ what: `secret ${role}`, path: file })),
      ...secretBearers(paths, agentDirs),
    ],
    databases: stateDatabases(paths, agentDirs),
    marks: stateMarks(paths),
    prompts: promptRequest(workspaces, blueprint.install),
  };
}

function factOf<T>(seen: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string }): Known<T> {
  return seen.ok ? known(seen.value, 'read as the tenant') : unknown(seen.why);
}
