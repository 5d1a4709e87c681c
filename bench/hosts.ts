/**
 * What three machines over SSH with three os-user tenants each cost to look at, beside one such machine: `bulkhead status`, `apply` with nothing to
 * do, and `verify --no-audit`, each beside one `ssh HOST true`. The machines are systemd ones in namespaces of this one, so that all share its
 * processors: what waits goes on side by side, what computes does not. So the same is asked once more over lines that take 300 ms there and back, where
 * waiting counts for more than computing: that time must not be three times as long with three machines. Needs root, what the os-user rung needs, and 9 GB of memory.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { localHost } from '../src/hosts/local.ts';
import { trial } from '../test/support/bulkhead.ts';
import { NETWORK_PROGRAMS, startMachineNetwork } from '../test/support/machine-network.ts';
import { requires, testInstall } from '../test/support/requires.ts';
import { median } from './paired.ts';

const HOSTS = ['edge-1', 'edge-2', 'edge-3'];
const TENANTS_EACH = 3;
const ROUNDS = 5;
const never = new AbortController().signal;

/** Each chunk later by so many milliseconds, both ways: a ProxyCommand, `HOST PORT MILLISECONDS`. */
const LATE =
  "const [host,port,ms]=process.argv.slice(1),s=require('net').connect(port,host),late=(from,to)=>{from.on('data',(c)=>setTimeout(()=>to.write(c),ms));from.on('end',()=>setTimeout(()=>to.end(),ms))};late(process.stdin,s);late(s,process.stdout);s.on('error',()=>process.exit(1))";
const LATE_MS = 150;

/** `slow-NAME` in the config of ssh, beside each NAME. */
function addSlowLines(config: string): void {
  for (const [entry, name = ''] of readFileSync(config, 'utf8').matchAll(/^Host (\S+)\n(?: .*\n)+/gm))
    appendFileSync(config, `${entry.replace(name, `slow-${name}`)}  ProxyCommand ${process.execPath} -e "${LATE}" %h %p ${LATE_MS}\n\n`);
}

function manifest(hosts: readonly string[], keys: string, line = ''): string {
  const tenants = hosts.flatMap((host, at) =>
    Array.from(
      { length: TENANTS_EACH },
      (_, index) => `  t${at * TENANTS_EACH + index + 1}:
    boundary: { owner: ops@example.test, data: nothing, members: [ops@example.test] }
    host: ${host}
    isolation: os-user
    policy: operator
    models: { anthropic: { apiKey: { file: ${keys}/t${at * TENANTS_EACH + index + 1} } } }
    egress: none
`,
    ),
  );
  const declared = hosts.map((host) => `  ${host}: { ssh: ${line}${host}, admins: [{ name: ops@example.test, how: root }] }\n`);
  return `fleet: machines\ntrust: clients\nhosts:\n${declared.join('')}tenants:\n${tenants.join('')}`;
}

const missing = requires({ root: true, linux: true, programs: NETWORK_PROGRAMS, openclaw: true });
if (missing === false) {
  const { root, version } = testInstall();
  const network = await startMachineNetwork();
  const fleet = trial();
  const timed = async (argv: readonly [string, ...string[]], ...fine: readonly number[]): Promise<number> => {
    const host = localHost({ environment: { BULKHEAD_SSH_CONFIG: network.config } });
    const started = performance.now();
    const { exit, stdout, stderr } = await host.run(
      { title: argv.join(' '), argv, timeoutMs: 600_000, passEnvironment: ['HOME', 'PATH', 'NODE_EXTRA_CA_CERTS'] },
      never,
    );
    if (exit === null || ![0, ...fine].includes(exit)) throw new Error(`${argv.join(' ')} ended with ${exit}: ${stderr}${stdout.slice(0, 2000)}`);
    return performance.now() - started;
  };
  const middle = async (argv: readonly [string, ...string[]], rounds = ROUNDS, ...fine: readonly number[]): Promise<number> => {
    const times = [];
    for (let round = 0; round < rounds; round += 1) times.push(await timed(argv, ...fine));
    return median(times);
  };
  try {
    for (let tenant = 1; tenant <= HOSTS.length * TENANTS_EACH; tenant += 1) fleet.write(`keys/t${tenant}`, `not-a-key-${tenant}`);
    for (const name of HOSTS) await network.boot(name, { binds: { [root]: `/var/lib/bulkhead/runtime/openclaw-${version}` } });
    addSlowLines(network.config);
    for (const hosts of [HOSTS.slice(0, 1), HOSTS]) {
      fleet.write('bulkhead.yaml', manifest(hosts, `${fleet.folder}/keys`));
      // One after the other: a few gateways starting at once on two busy cores, and OpenClaw gives up.
      for (let tenant = 1; tenant <= hosts.length * TENANTS_EACH; tenant += 1) await timed(fleet.argv('apply', `t${tenant}`));
      const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
      const ssh = await middle(['ssh', '-F', network.config, '-o', 'BatchMode=yes', 'edge-1', 'true']);
      const status = await middle(fleet.argv('status', '--json'));
      const again = await middle(fleet.argv('apply'));
      // Exit 1 or 3: what is not accepted is told, and what was not audited is not verified. The second time, since a gateway loads what it is asked for the first time.
      await timed(fleet.argv('verify', '--no-audit', '--json'), 1, 3);
      const verify = await timed(fleet.argv('verify', '--no-audit', '--json'), 1, 3);
      process.stdout.write(
        `hosts: ${hosts.length} x ${TENANTS_EACH} tenants: status ${seconds(status)} (goal 1 s), ${(status / ssh).toFixed(1)} times ssh ${seconds(ssh)}; ` +
          `apply with nothing to do ${seconds(again)}; verify --no-audit ${seconds(verify)}\n`,
      );
      const facts = fleet.argv('verify', '--no-audit', '--no-probes', '--json');
      const near = [status, again, await middle(facts, 3, 1, 3)];
      fleet.write('bulkhead.yaml', manifest(hosts, `${fleet.folder}/keys`, 'slow-'));
      const far = [await middle(fleet.argv('status', '--json')), await middle(fleet.argv('apply'), 3), await middle(facts, 3, 1, 3)];
      const waited = ['status', 'apply with nothing to do', 'verify --no-audit --no-probes'].map(
        (name, at) => `${name} ${seconds(far[at] ?? 0)}, ${seconds((far[at] ?? 0) - (near[at] ?? 0))} more than without`,
      );
      process.stdout.write(`hosts: ${hosts.length} x ${TENANTS_EACH} tenants over lines of ${2 * LATE_MS} ms: ${waited.join('; ')}\n`);
    }
  } finally {
    await fleet.end([]);
    await network.end();
  }
} else process.stdout.write(`hosts: skipped: ${missing}\n`);
