/** What OpenClaw leaves, needs or is called on a host. Source: openclaw 2026.9.6, seen by running it; docs/gateway/multiple-gateways.md. */

/** Names in /tmp, whatever TMPDIR says, each ended by the number of its user. */
export const TAKEN_NAMES: readonly string[] = ['/tmp/openclaw-state-locks-', '/tmp/openclaw-'];

/** A line that holds one of these says for which tenant it runs openclaw. */
export const SELECTING_TEXTS: readonly string[] = ['OPENCLAW_STATE_DIR=', 'OPENCLAW_CONFIG_PATH=', '--profile', 'bulkhead exec', 'fleet exec'];

/** Where container engines listen by default, for root and (by links) for users. */
export const ENGINE_SOCKETS: readonly string[] = [
  '/var/run/docker.sock',
  '/run/docker.sock',
  '/run/podman/podman.sock',
  '/run/containerd/containerd.sock',
  '/run/crio/crio.sock',
];

/** A unit of ours, or one that OpenClaw installs for itself. */
export function isGatewayUnit(unit: string | undefined, serviceName: string): boolean {
  return unit === `${serviceName}.service` || /^openclaw-gateway(?:-[^/]+)?\.service$/.test(unit ?? '');
}
