/** OpenClaw's own sandboxes with an engine of the tenant's. Source: openclaw 2026.9.6 docs/gateway/config-agents/sandbox.md, docs/gateway/sandboxing/. */
import type { TenantPaths } from '../core/blueprint.ts';
import type { Json } from './merge.ts';

/** Where the tenant's own engine listens, inside its boundary; nothing of the host is there. */
export const ENGINE_DIRECTORY = '/run/engine';
export const ENGINE_SOCKET = `${ENGINE_DIRECTORY}/docker.sock`;
/** OpenClaw's default. The engine is made to call the pinned image so before the gateway starts. */
export const SANDBOX_IMAGE = 'openclaw-sandbox:bookworm-slim';

/**
 * Every session's tools run in a container without network, capabilities or a writable root. The workspace is the tenant's own, at its own path: a
 * policy means the same files with sandboxes as without.
 */
export function sandboxConfig({ workspace }: Pick<TenantPaths, 'workspace'>): Json {
  return {
    agents: {
      defaults: {
        sandbox: {
          mode: 'all',
          backend: 'docker',
          scope: 'agent',
          workspaceAccess: 'rw',
          // What the policy says of sessions counts, as without a sandbox.
          sessionToolsVisibility: 'all',
          docker: { image: SANDBOX_IMAGE, workdir: workspace, network: 'none', readOnlyRoot: true, capDrop: ['ALL'] },
        },
      },
    },
    // A preset names where exec runs, and the gateway is past the sandbox: with `sandbox` a session without one is refused. docs/tools/exec.md.
    // A second gate beside the policy; OpenClaw's default would take away what a preset gives, e.g. web_fetch.
    tools: { exec: { host: 'sandbox' }, sandbox: { tools: { allow: ['*'], deny: [] } } },
  };
}
