/**
 * Which findings of OpenClaw's own audit are about the boundary itself, so that a warning among them weighs more between tenants.
 * Source: openclaw 2026.9.6 docs/gateway/security/audit-checks.md and ids seen by running it.
 */

const IDS: readonly string[] = [
  'gateway.bind_no_auth',
  'gateway.bind_network_accessible',
  'gateway.loopback_no_auth',
  'gateway.http.no_auth',
  'gateway.tailscale_funnel',
  'gateway.env_token_overrides_config',
  'hooks.token_reuse_gateway_token',
  'browser.control_no_auth',
  'sandbox.browser_container.non_loopback_publish',
  'skills.workspace.symlink_escape',
];
const BEGINNINGS: readonly string[] = [
  'fs.',
  'gateway.trusted_proxy_',
  'gateway.token_',
  'gateway.password_',
  'browser.remote_cdp_',
  'sandbox.dangerous_',
  'plugins.code_safety',
];

export function isAboutBoundary(checkId: string): boolean {
  return IDS.includes(checkId) || BEGINNINGS.some((start) => checkId.startsWith(start));
}
