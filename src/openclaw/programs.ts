/** OpenClaw's own commands, as programs to run inside a boundary. Source: openclaw 2026.9.6 docs/cli. */
import type { Install } from '../core/blueprint.ts';
import type { Program } from '../core/command.ts';

/** Argv of the gateway in the foreground; its environment is the tenant's. */
export function gatewayArgv(install: Install): readonly [string, ...string[]] {
  return [install.node, install.openclaw, 'gateway', 'run'];
}

/** Exit code by which a gateway says that its config or a lock is wrong: restarting does not help. */
export const GATEWAY_CONFIG_EXIT = 78;

/** Seconds a busy gateway may take to drain after SIGTERM before it is killed; OpenClaw's own budget is far longer. */
export const GATEWAY_STOP_SECONDS = 20;

/** Any OpenClaw command of the operator. */
export function openclaw(install: Install, args: readonly string[]): Program {
  return { title: `openclaw ${args[0] ?? ''}`.trim(), argv: [install.node, install.openclaw, ...args], timeoutMs: 120_000 };
}

/** Prints `{"valid":…,"issues":[…]}`; works while the gateway is down. `path` when the file is not yet in its place. */
export function validateConfig(install: Install, path?: string): Program {
  const program = { ...openclaw(install, ['config', 'validate', '--json']), title: 'validate the config with OpenClaw' };
  return path === undefined ? program : { ...program, env: { OPENCLAW_CONFIG_PATH: path } };
}

/** Exit 0 also with critical findings: only its JSON counts. `runAudit` in audit-runner.ts adds the proof of where it ran. */
export function securityAudit(install: Install): Program {
  return { ...openclaw(install, ['security', 'audit', '--json']), title: 'run OpenClaw\u2019s security audit' };
}

/** What `config validate --json` said: [] when valid. Anything else than its JSON is one issue, never "valid". */
export function configIssues(stdout: string): readonly string[] {
  const start = stdout.indexOf('{');
  try {
    const said = JSON.parse(stdout.slice(Math.max(start, 0))) as { valid?: unknown; issues?: unknown }; // fields are checked below
    if (said.valid === true) return [];
    const issues = Array.isArray(said.issues) ? (said.issues as readonly { path?: unknown; message?: unknown }[]) : [];
    const lines = issues.slice(0, 20).map((issue) => `${String(issue.path ?? '')}: ${String(issue.message ?? '')}`.slice(0, 300));
    return lines.length > 0 ? lines : ['OpenClaw calls it invalid without saying why'];
  } catch {
    return [`OpenClaw did not validate it: ${stdout.trim().slice(0, 200) || 'it printed nothing'}`];
  }
}
