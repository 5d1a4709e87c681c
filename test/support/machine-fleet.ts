/** Clients on a machine of its own that systemd has booted, as an operator builds and looks at them: one who is logged in there, or one far away. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandResult } from '../../src/core/command.ts';
import { localHost } from '../../src/hosts/local.ts';
import type { ReportDocument } from '../../src/report/json.ts';
import type { Trial } from './bulkhead.ts';
import type { MachineNetwork } from './machine-network.ts';
import type { Machine } from './machine.ts';
import { testInstall } from './requires.ts';

export const TENANTS = ['acme', 'globex'] as const;
export const MODEL_PORT = 8177;
export const CHECKOUT = '/opt/bulkhead';
export const STATE = '/var/lib/bulkhead';
/** Where the launcher looks by default; the instance is then `bh`. */
export const runtime = `${STATE}/runtime/openclaw-${testInstall().version}`;

export interface MachineFleet {
  bulkhead(command: string, ...rest: readonly string[]): Promise<CommandResult>;
  /** What a program of the machine says. */
  said(...argv: readonly [string, ...string[]]): Promise<string>;
  /** Last lines of the gateways and of the journal. */
  diagnosis(): Promise<string>;
  /** Of an apply that ends well. */
  steps(): Promise<number>;
  verify(...flags: readonly string[]): Promise<ReportDocument>;
  /** Checks and attacks that fail, each once, as `id: tenants`. */
  failing(...flags: readonly string[]): Promise<readonly string[]>;
  /** `tenant state`, each. */
  states(): Promise<readonly string[]>;
  /** Returns once all run; fails after three minutes. */
  running(): Promise<void>;
  /** The tenants' models run in the machine, each on the host's end of its tenant's link. */
  startModels(): Promise<void>;
}

/** `machine` is asked for each time: it boots after the tests are declared. Without `bulkhead` it runs there. */
export function fleetIn(
  machine: () => Machine,
  bulkhead: MachineFleet['bulkhead'] = bulkheadIn(machine),
  tenants: readonly string[] = TENANTS,
): MachineFleet {
  const said = async (...argv: readonly [string, ...string[]]): Promise<string> => (await machine().run(argv)).stdout.trim();
  const diagnosis = async (): Promise<string> => {
    // Managed from elsewhere, its state directory has another name.
    const logs = await said('find', '/var/lib', '-maxdepth', '3', '-path', '*/bulkhead*/logs/*.log', '-exec', 'tail', '-n', '30', '{}', '+');
    return `${logs}\n${await said('journalctl', '--no-pager', '-n', '30')}`;
  };
  const states = async (): Promise<readonly string[]> => {
    const seen = JSON.parse((await bulkhead('status', '--json')).stdout) as { tenants: { tenant: string; state: string }[] };
    return seen.tenants.map(({ tenant, state }) => `${tenant} ${state}`);
  };
  const verify = async (...flags: readonly string[]): Promise<ReportDocument> =>
    JSON.parse((await bulkhead('verify', '--json', ...flags)).stdout) as ReportDocument;
  return {
    bulkhead,
    said,
    diagnosis,
    steps: async () => {
      const { exit, stdout, stderr } = await bulkhead('apply', '--json');
      assert.equal(exit, 0, `${stderr}${stdout}${exit === 0 ? '' : await diagnosis()}`);
      return (JSON.parse(stdout) as { steps: number }).steps;
    },
    verify,
    failing: async (...flags) => {
      const { findings } = await verify('--no-audit', ...flags);
      const failed = findings.filter(({ verdict }) => verdict === 'fail').map(({ id, tenants: whose }) => `${id}: ${whose.join(', ')}`);
      return [...new Set(failed)].toSorted();
    },
    states,
    running: async () => {
      const all = tenants.map((tenant) => `${tenant} running`);
      const deadline = Date.now() + 180_000;
      let seen = await states();
      while (seen.join() !== all.join() && Date.now() < deadline) {
        await sleep(1000);
        seen = await states();
      }
      assert.deepEqual(seen, all);
    },
    startModels: async () => {
      for (const tenant of tenants) {
        const hosts = (await bulkhead('exec', tenant, '--', 'cat', '/etc/hosts')).stdout;
        const address = /^([0-9.]+) host\.bh$/m.exec(hosts)?.[1] ?? assert.fail(`${tenant} has no host.bh`);
        const program = [`${runtime}/bin/node`, `${CHECKOUT}/src/openclaw/scripted-model.ts`, '--host', address, '--port', String(MODEL_PORT)];
        const { exit, stderr } = await machine().run(['systemd-run', '--quiet', `--unit=model-${tenant}`, '--', ...program]);
        assert.equal(exit, 0, stderr);
      }
    },
  };
}

/** Runs it here, for a fleet of the machine edge-1 and others of this network. */
export function bulkheadOver(network: () => MachineNetwork, fleet: () => Trial): MachineFleet['bulkhead'] {
  return (command, ...rest) =>
    localHost({ environment: { BULKHEAD_SSH_CONFIG: network().config } }).run(
      { title: command, argv: fleet().argv(command, ...rest), timeoutMs: 400_000, passEnvironment: ['HOME', 'PATH', 'NODE_EXTRA_CA_CERTS'] },
      new AbortController().signal,
    );
}

/** Of clients on the machine edge-1; `kinds`: lines that say how each is isolated. Their model keys are `FOLDER/keys/TENANT.key`. */
export function farManifest(fleet: string, folder: string, kinds: Readonly<Record<string, readonly string[]>>): string {
  const tenants = Object.entries(kinds).map(
    ([id, lines]) => `  ${id}:
    boundary: { owner: ${id}@example.test, data: Files of ${id}, members: [${id}@example.test] }
    host: edge-1
${lines.map((line) => `    ${line}\n`).join('')}    policy: operator
    models:
      scripted: { apiKey: { file: ${folder}/keys/${id}.key }, baseUrl: "http://host.bh:${MODEL_PORT}/v1", model: scripted-1 }
    egress: none
    allow: ["tcp:host:${MODEL_PORT}"]
`,
  );
  return `fleet: ${fleet}
trust: clients
hosts:
  edge-1: { ssh: edge-1, admins: [{ name: you, how: root }] }
tenants:
${tenants.join('')}namedRisks:
  - { item: host-admins, tenants: [${Object.keys(kinds).join(', ')}], risk: Whoever administers it can read everything of all, owner: you@example.test, until: 2099-01-01 }
`;
}

function bulkheadIn(machine: () => Machine): MachineFleet['bulkhead'] {
  return (command, ...rest) =>
    machine().run([`${CHECKOUT}/bulkhead`, command, '-f', '/srv/bulkhead.yaml', ...rest], {
      HOME: '/root',
      PATH: `${runtime}/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    });
}
