/** Turns are to run in a sandbox that cannot be made. */
import { defineCheck } from '../../core/check.ts';
import { settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'policy.sandbox-unreachable',
  title: 'Turns are to run in a sandbox that cannot be made',
  why: 'OpenClaw fails closed: every turn that needs the sandbox ends in an error, while the gateway is healthy and every status is green.',
  fix: 'Set agents.defaults.sandbox.mode to off and take the powerful tools away, or give the tenant an engine of its own (`sandbox: all`).',
  how: 'A sandbox is on for an agent, its backend is Docker, and the running gateway may open no Docker socket, neither at the usual places nor one of its own. Podman, which needs no socket, and remote backends are not judged.',
  source: 'openclaw 2026.9.6 docs/gateway/sandboxing/modes-scope-and-backend.md, docker-backend.md',
  severity: { team: 'warn', clients: 'high', adversarial: 'high' },
  needs: ['settings', 'surroundings'],
  phases: ['observed'],
  item: 'tool-policy',
  *judge(facts) {
    for (const { tenant, settings } of settingsOf(facts)) {
      const around = tenant.surroundings.known ? tenant.surroundings.value : null;
      if (around === null || [...around.engineSockets, ...around.ownEngines].some((path) => path.endsWith('/docker.sock'))) continue;
      const on = settings.sandboxes.filter(({ mode, backend }) => mode.value !== 'off' && backend.value === 'docker');
      if (on.length > 0)
        yield {
          tenants: [tenant.tenant],
          message: `${tenant.tenant} sandboxes turns with Docker, which its gateway cannot reach: those turns fail`,
          evidence: on.slice(0, 20).map(({ mode }) => `${mode.from}=${mode.value}`),
        };
    }
  },
});
