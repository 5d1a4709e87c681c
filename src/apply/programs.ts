/** The programs that plans place into commands. */
import { sibling } from '../hosts/self-contained.ts';
import { selfContainedProgram } from '../hosts/run-program.ts';
import { validateConfig } from '../openclaw/programs.ts';
import type { Programs } from '../plan/plan-tenant.ts';

/** A start takes 6 s alone on a machine; many at once, or a busy machine, take minutes. */
const GATEWAY_START_MS = 300_000;

export function programsFor(node: string): Programs {
  return {
    putFiles: (title, files, redact) =>
      selfContainedProgram({ program: sibling(import.meta.url, 'put-files'), request: { files }, node, title, redact }),
    validateConfig: (blueprint, path) => validateConfig(blueprint.install, path),
    waitHealthy: (blueprint) =>
      selfContainedProgram({
        program: sibling(import.meta.url, 'wait-healthy'),
        request: { port: blueprint.publishedPort, deadlineMs: GATEWAY_START_MS, must: true },
        node: blueprint.install.node,
        title: `wait until ${blueprint.tenant} answers on 127.0.0.1:${blueprint.publishedPort}`,
        timeoutMs: GATEWAY_START_MS + 10_000,
      }),
  };
}
