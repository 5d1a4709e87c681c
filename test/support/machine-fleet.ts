/** Clients on a machine of its own that systemd has booted, as an operator builds and looks at them: one who is logged in there, or one far away. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandResult } from '../../src/core/command.ts';
import type { ReportDocument } from '../../src/report/json.ts';
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
  return {
    bulkhead,
    said,
    diagnosis,
    steps: async () => {
      const { exit, stdout, stderr } = await bulkhead('apply', '--json');
      assert.equal(exit, 0, `${stderr}${stdout}${exit === 0 ? '' : await diagnosis()}`);
      return (JSON.parse(stdout) as { steps: number }).steps;
    },
    verify: async (...flags) => JSON.parse((await bulkhead('verify', '--json', ...flags)).stdout) as ReportDocument,
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

function bulkheadIn(machine: () => Machine): MachineFleet['bulkhead'] {
  return (command, ...rest) =>
    machine().run([`${CHECKOUT}/bulkhead`, command, '-f', '/srv/bulkhead.yaml', ...rest], {
      HOME: '/root',
      PATH: `${runtime}/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    });
}
