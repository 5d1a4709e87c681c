/**
 * How long every ordered pair of ten real os-user boundaries is attacked. In each a small server stands where the gateway would (a gateway takes 0.8 GB),
 * so that the probes which speak OpenClaw's own protocol, and the agents', are left out. Needs root and what the os-user rung needs.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { runAll } from '../test/conformance/isolation.ts';
import { requires, testInstall } from '../test/support/requires.ts';
import type { Blueprint } from '../src/core/blueprint.ts';
import { known, type Facts, type ProcessFact } from '../src/core/facts.ts';
import { localHost } from '../src/hosts/local.ts';
import { osUser } from '../src/isolation/os-user/os-user.ts';
import type { OsUserObserved } from '../src/isolation/os-user/observer.ts';
import { sampleBlueprint, sampleLayout } from '../src/isolation/os-user/sample.ts';
import { boundaryService } from '../src/isolation/os-user/service.ts';
import { PROBES } from '../src/probes/index.ts';
import { runProbes } from '../src/probes/run.ts';

const TENANTS = Number(process.env['BENCH_TENANTS'] ?? 10);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const LEFT_OUT = ['gateway.token-replay-ws', 'gateway.pairing', 'gateway.session-key', 'gateway.agent-name'];
const instance = `bh${randomBytes(2).toString('hex')}`;
const layout = sampleLayout(instance, `/var/lib/${instance}-bench`, testInstall());
const host = localHost();
const signal = AbortSignal.timeout(400_000);
const blueprints = Array.from({ length: TENANTS }, (_, index) => sampleBlueprint(`m${index + 1}`, 25_000 + index * 130, layout));
const look = (blueprint: Blueprint): Promise<OsUserObserved> => osUser.observe(blueprint, layout, host, signal);

/** Knows one token, as a gateway does. */
const serverOf = (tenant: string): string => `process.title='openclaw-gateway';process.on('SIGTERM',()=>process.exit(0));
require('node:http').createServer((q,r)=>{r.statusCode=q.headers.authorization==='Bearer token-${tenant}'?200:401;r.end()}).listen(18789,'127.0.0.1')`;

async function start(blueprint: Blueprint): Promise<ChildProcess> {
  const { argv, environment, workingDirectory } = boundaryService(blueprint, layout, await look(blueprint), [
    blueprint.install.node,
    '-e',
    serverOf(blueprint.tenant),
  ]);
  const [program, ...args] = argv;
  return spawn(program, args, { env: environment, cwd: workingDirectory, stdio: 'ignore' });
}

/** Of the process that calls itself a gateway and has the tenant's user. */
function gatewayOf(uid: number | undefined): ProcessFact | undefined {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (!readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('openclaw-gatewa')) continue;
      if (Number(/^Uid:\t(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) !== uid) continue;
      const namespaces = Object.fromEntries(
        ['net', 'mnt', 'pid'].map((name) => [name, /\d+/.exec(readlinkSync(`/proc/${pid}/ns/${name}`))?.[0] ?? '']),
      );
      const rest = { startTicks: '1', groups: [], noNewPrivs: true, capabilities: '0', seccomp: 2, namespaces, environment: {} };
      return { pid: Number(pid), uid: uid ?? 0, gid: uid ?? 0, ...rest };
    } catch {
      /* It has ended. */
    }
  }
  return undefined;
}

async function measure(): Promise<string> {
  const observed = new Map(await Promise.all(blueprints.map(async (blueprint) => [blueprint.tenant, await look(blueprint)] as const)));
  const tenants = blueprints.map(({ tenant }) => ({ tenant, process: known(gatewayOf(observed.get(tenant)?.user?.uid) ?? null, 'bench') }));
  const facts = { trust: { default: 'clients', relations: [] }, tenants } as unknown as Facts; // all that the run reads
  const started = performance.now();
  const results = await runProbes({
    blueprints,
    layoutOf: () => layout,
    facts,
    probes: PROBES.filter(({ id }) => !id.startsWith('agent.') && !LEFT_OUT.includes(id)),
    signal,
    hostOf: () => host,
    isolationOf: () => osUser,
    observedOf: ({ tenant }) => observed.get(tenant),
    tokenOf: (tenant) => `token-${tenant}`,
  });
  const seconds = (performance.now() - started) / 1000;
  const told = [...Map.groupBy(results, ({ verdict }) => verdict)].map(([verdict, { length }]) => `${length} ${verdict}`).join(', ');
  const odd = results.filter(({ verdict }) => verdict === 'unknown' || verdict === 'breached').slice(0, 5);
  return [
    `${seconds.toFixed(1)} s (goal 10 s); ${told}`,
    ...odd.map(({ id, attacker, victim, verdict, detail }) => `  ${verdict} ${id} ${attacker} ${victim}: ${detail.slice(0, 300)}`),
  ].join('\n');
}

const missing = requires({ root: true, linux: true, programs: ['bwrap', 'nft', 'ip', 'nsenter', 'setpriv', 'perl', 'useradd'], openclaw: true });
if (missing === false) {
  const tops: ChildProcess[] = [];
  mkdirSync(layout.stateDir, { mode: 0o711 });
  try {
    for (const blueprint of blueprints) await runAll(host, osUser.converge(blueprint, layout, await look(blueprint)), signal);
    for (const blueprint of blueprints) tops.push(await start(blueprint));
    for (const blueprint of blueprints) while (gatewayOf((await look(blueprint)).user?.uid) === undefined) await sleep(100);
    for (let round = 1; round <= ROUNDS; round += 1)
      process.stdout.write(`attack-boundaries: ${TENANTS} tenants, ${TENANTS * (TENANTS - 1)} ordered pairs: ${await measure()}\n`);
  } finally {
    for (const top of tops) top.kill('SIGKILL');
    for (const blueprint of blueprints) while ((await look(blueprint)).boundary !== null) await sleep(100);
    for (const blueprint of blueprints) await runAll(host, osUser.remove(blueprint, layout, await look(blueprint)), signal);
    rmSync(layout.stateDir, { recursive: true, force: true });
    rmSync(layout.runDir, { recursive: true, force: true });
  }
} else process.stdout.write(`attack-boundaries: skipped: ${missing}\n`);
