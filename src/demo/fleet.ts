/** The two clients of the demo, and where its scripted models listen. */

export const DEMO_TENANTS = ['acme', 'globex'] as const;

export interface DemoFleet {
  /** `os-user` where this machine and user allow it, else `profile`. */
  readonly rung: 'os-user' | 'profile';
  readonly modelPort: number;
  /** Folder of the model keys, one file per tenant. */
  readonly keys: string;
  /** Last day of the named risk, ISO date. */
  readonly until: string;
}

/** Each os-user tenant has a link of its own: its model listens on the host's end of it, at one port number. */
export function demoManifest({ rung, modelPort, keys, until }: DemoFleet): string {
  const own = rung === 'os-user';
  const tenant = (id: string, data: string, policy: string): string => `  ${id}:
    boundary: { owner: ${id}@example.test, data: "${data}", members: [${id}@example.test] }
    isolation: ${rung}
    policy: ${policy}
    models:
      scripted: { apiKey: { file: ${keys}/${id}.key }, baseUrl: "http://${own ? 'host.bh' : '127.0.0.1'}:${modelPort}/v1", model: scripted-1 }
    egress: none
${own ? `    allow: ["tcp:host:${modelPort}"]\n` : ''}`;
  const risk = (item: string, text: string): string =>
    `  - { item: ${item}, tenants: [acme, globex], risk: "${text}", owner: you@example.test, until: ${until} }\n`;
  const lesser = own
    ? ''
    : risk('model-credentials', 'One scripted model server on loopback answers both') + risk('logs', 'One OS user can read the logs of both');
  return `fleet: demo
trust: ${own ? 'clients' : 'team'}
hosts:
  local: { admins: [{ name: you, how: ${own ? 'root' : 'the same OS user'} }] }
tenants:
${tenant('acme', 'Acme support tickets', 'operator')}${tenant('globex', 'Globex order history', 'operator')}namedRisks:
${risk('host-admins', 'Whoever administers this machine can read everything of both')}${lesser}`;
}
