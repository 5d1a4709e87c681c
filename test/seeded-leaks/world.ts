/** Two clients of one machine, built by `./bulkhead apply` with real gateways, for one leak after the other. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandResult } from '../../src/core/command.ts';
import { demoManifest } from '../../src/demo/fleet.ts';
import { startModels } from '../../src/demo/models.ts';
import type { ReportDocument } from '../../src/report/json.ts';
import { instanceOf, trial, type Trial } from '../support/bulkhead.ts';

export const TENANTS = ['acme', 'globex'] as const;
export type Client = (typeof TENANTS)[number];
export const LEAK_PROGRAMS = ['bwrap', 'nft', 'ip', 'setfacl', 'gpasswd', 'mount', 'setpriv'];
const MODEL_PORT = 8183;

export interface World {
  /** A path in a tenant's tree. */
  path(tenant: Client, ...names: readonly string[]): string;
  /** What the names of all that was built begin with; also the name of the firewall's table. */
  readonly instance: string;
  readonly stateDir: string;
  /** Pid of its running gateway. */
  gateway(tenant: Client): Promise<number>;
  /** On which the machine itself reaches its gateway. */
  port(tenant: Client): Promise<number>;
  /** Returns once its gateway answers, in another process than before where one is named. */
  startsAgain(tenant: Client, before?: number): Promise<void>;
  /** Name of a tenant's OS user. */
  user(tenant: Client): string;
  /** Runs a program of the machine, which must succeed. */
  host(...argv: readonly [string, ...string[]]): Promise<CommandResult>;
  bulkhead(...argv: readonly string[]): Promise<CommandResult>;
  /** The manifest that the tenants were built from. */
  readonly manifest: string;
  verify(manifest: string, ...flags: readonly string[]): Promise<ReportDocument>;
  end(): Promise<void>;
}

export async function buildWorld(): Promise<World> {
  const here = trial();
  let models: { close(): Promise<void> } | undefined;
  const end = async (): Promise<void> => {
    await models?.close();
    await here.end(TENANTS);
  };
  try {
    for (const tenant of TENANTS) here.write(`keys/${tenant}.key`, randomBytes(16).toString('hex'));
    const manifest = demoManifest({ rung: 'os-user', modelPort: MODEL_PORT, keys: join(here.folder, 'keys'), until: '2099-01-01' });
    here.write('bulkhead.yaml', manifest);
    const built = await here.run('apply', '--json');
    assert.equal(built.exit, 0, built.stderr + built.stdout);
    const addresses = [];
    for (const tenant of TENANTS) {
      const { stdout } = await here.run('exec', tenant, '--', 'cat', '/etc/hosts');
      addresses.push(/^([0-9.]+) host\.bh$/m.exec(stdout)?.[1] ?? assert.fail(`${tenant} has no host.bh`));
    }
    models = await startModels(addresses, MODEL_PORT);
    const instance = instanceOf(here.stateDir);
    return connect(here, { manifest, instance, end });
  } catch (error) {
    await end();
    throw error;
  }
}

/** The tenants of a trial that are up. */
export function connect(here: Trial, { manifest, instance, end }: Pick<World, 'manifest' | 'instance' | 'end'>): World {
  const status = async (tenant: Client): Promise<{ state: string; pid?: number; port?: number } | undefined> => {
    const { tenants } = JSON.parse((await here.run('status', '--json')).stdout) as {
      tenants: { tenant: string; state: string; pid?: number; port?: number }[];
    };
    return tenants.find((one) => one.tenant === tenant);
  };
  return {
    manifest,
    instance,
    stateDir: here.stateDir,
    gateway: async (tenant) => (await status(tenant))?.pid ?? assert.fail(`the gateway of ${tenant} does not run`),
    port: async (tenant) => (await status(tenant))?.port ?? assert.fail(`${tenant} has no port`),
    startsAgain: async (tenant, before) => {
      const deadline = Date.now() + 120_000;
      for (let now = await status(tenant); now?.state !== 'running' || now.pid === before; now = await status(tenant)) {
        assert.ok(Date.now() < deadline, `${tenant} does not answer two minutes after its restart`);
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    },
    path: (tenant, ...names) => join(here.stateDir, 'tenants', tenant, ...names),
    user: (tenant) => `${instance}-${tenant}`,
    host: async (...argv) => {
      const result = await here.host(...argv);
      assert.equal(result.exit, 0, `${argv.join(' ')}: ${result.stderr}`);
      return result;
    },
    bulkhead: here.run,
    verify: async (text, ...flags) => {
      if (text !== readFileSync(join(here.folder, 'bulkhead.yaml'), 'utf8')) here.write('bulkhead.yaml', text);
      const { stdout, stderr } = await here.run('verify', '--json', ...flags);
      assert.ok(stdout.startsWith('{'), stderr);
      return JSON.parse(stdout) as ReportDocument;
    },
    end,
  };
}
