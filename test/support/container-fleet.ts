/** A fleet in a world with an engine: the launcher as a user would run it there, real gateways, scripted models at each tenant's own address. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandResult } from '../../src/core/command.ts';
import type { ReportDocument } from '../../src/report/json.ts';
import type { ScanWorld } from './scan-world.ts';

const CHECKOUT = new URL('../..', import.meta.url).pathname;
const MODEL_PORT = 8177;

export interface FleetTenant {
  readonly id: string;
  /** Lines of the manifest, e.g. `isolation: container`. */
  readonly isolation: string;
}

export interface ContainerFleet {
  readonly stateDir: string;
  run(...argv: readonly string[]): Promise<CommandResult>;
  /** Runs a program of the world; throws when it fails. */
  host(...argv: readonly [string, ...string[]]): Promise<string>;
  verify(...flags: readonly string[]): Promise<{ readonly exit: number | null; readonly report: ReportDocument }>;
  startModels(): Promise<void>;
}

export function containerFleet(world: ScanWorld, tenants: readonly FleetTenant[]): ContainerFleet {
  const keys = join(world.root, 'keys');
  mkdirSync(keys, { mode: 0o700 });
  for (const { id } of tenants) writeFileSync(join(keys, `${id}.key`), `planted-model-key-of-${id}`, { mode: 0o600 });
  const manifest = join(world.root, 'bulkhead.yaml');
  writeFileSync(manifest, manifestOf(tenants, keys));
  const stateDir = join(world.root, 'state');
  const run = (...words: readonly string[]): Promise<CommandResult> => {
    const [command = '', ...rest] = words;
    return world.run([join(CHECKOUT, 'bulkhead'), ...command.split(' '), '-f', manifest, '--state-dir', stateDir, ...rest]);
  };
  return {
    stateDir,
    run,
    host: async (...argv) => {
      const { exit, stdout, stderr } = await world.run(argv);
      assert.equal(exit, 0, `${argv.join(' ')}: ${stderr}`);
      return stdout;
    },
    verify: async (...flags) => {
      const { exit, stdout, stderr } = await run('verify', '--json', ...flags);
      assert.match(stdout, /^\{/, stderr);
      return { exit, report: JSON.parse(stdout) as ReportDocument };
    },
    startModels: async () => {
      const addresses: string[] = [];
      for (const { id } of tenants) {
        const { stdout, stderr } = await run('exec', id, '--', 'cat', '/etc/hosts');
        addresses.push(/^([0-9.]+) host\.bh$/m.exec(stdout)?.[1] ?? assert.fail(`${id} has no host.bh: ${stderr}`));
      }
      const program = `import { startModels } from ${JSON.stringify(join(CHECKOUT, 'src/demo/models.ts'))}; await startModels(${JSON.stringify(addresses)}, ${MODEL_PORT});`;
      world.start([join(CHECKOUT, 'bulkhead'), '--node', '--input-type=module', '-e', program]);
    },
  };
}

function manifestOf(tenants: readonly FleetTenant[], keys: string): string {
  const names = tenants.map(({ id }) => id);
  const entries = tenants.map(
    ({ id, isolation }) => `  ${id}:
    boundary: { owner: ${id}@example.test, data: tickets of ${id}, members: [${id}@example.test] }
    ${isolation}
    policy: operator
    models: { scripted: { apiKey: { file: ${keys}/${id}.key }, baseUrl: "http://host.bh:${MODEL_PORT}/v1", model: scripted-1 } }
    egress: none
    allow: ["tcp:host:${MODEL_PORT}"]
`,
  );
  return `fleet: cells
trust: clients
hosts: { local: { admins: [{ name: ops, how: root }] } }
tenants:
${entries.join('')}namedRisks:
  - { item: host-admins, tenants: [${names.join(', ')}], risk: Whoever administers this machine can read everything, owner: ops@example.test, until: 2099-01-01 }
`;
}
