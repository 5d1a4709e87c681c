/** Runs the stores collector as the tenant: its browser profiles and paired nodes. */
import * as v from 'valibot';
import { known, unknown, type TenantFacts } from '../core/facts.ts';
import type { Settings } from '../core/settings.ts';
import { parseResult, selfContainedProgram } from '../hosts/run-program.ts';
import { sibling } from '../hosts/self-contained.ts';
import { browserStore, COOKIE_HOSTS, pairedNodesQuery } from '../openclaw/stores.ts';
import { StoresCollected } from './network-collected.ts';
import type { StoresRequest } from './stores-collector.ts';
import { reason, type Subject } from './subject.ts';

type StoresView = Pick<TenantFacts, 'browserProfiles' | 'pairedNodes'>;

/** `settings` tells the user data directories that the config names. */
export async function collectStores(subject: Subject, settings: TenantFacts['settings']): Promise<StoresView> {
  const { blueprint, layout, isolation, observed, details, host, signal } = subject;
  if (!observed.known) return nothing(observed.why);
  if (details.uid === undefined) return nothing('it is not built: its OS user does not exist');
  if (!settings.known) return nothing(settings.why);
  const request: StoresRequest = {
    ...browserStore(blueprint.paths),
    directories: directoriesOf(settings.value, blueprint.paths.home),
    nodes: pairedNodesQuery(blueprint.paths),
    cookies: COOKIE_HOSTS,
  };
  const title = `look at the browser profiles and pairings of ${blueprint.tenant}`;
  try {
    const program = selfContainedProgram({
      program: sibling(import.meta.url, 'stores-collector'),
      request,
      node: blueprint.install.node,
      title,
      timeoutMs: 30_000,
    });
    const command = isolation.asTenant(blueprint, layout, observed.value, program);
    const answer = v.safeParse(StoresCollected, parseResult<unknown>(await host.run(command, signal), title, host.id));
    return answer.success ? viewOf(answer.output) : nothing('its browser profiles were described in an unexpected shape');
  } catch (error) {
    return nothing(reason(error, signal));
  }
}

function directoriesOf({ browser }: Settings, home: string): readonly string[] {
  const paths = browser.directories.map(({ value }) => value.replace(/^~(?=\/|$)/, home));
  return [...new Set(paths.filter((path) => path.startsWith('/')))].slice(0, 40);
}

function viewOf({ profiles, nodes }: v.InferOutput<typeof StoresCollected>): StoresView {
  const source = 'read as the tenant';
  return {
    browserProfiles: profiles.ok
      ? known(
          profiles.value.map(({ declared, real, identity, ...rest }) => ({
            ...rest,
            directory: { role: 'browser' as const, declared, real, exists: true, identity },
          })),
          source,
        )
      : unknown(profiles.why),
    pairedNodes: nodes.ok ? known(nodes.value, source) : unknown(nodes.why),
  };
}

function nothing(why: string): StoresView {
  return { browserProfiles: unknown(why), pairedNodes: unknown(why) };
}
