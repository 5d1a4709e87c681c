/** `bulkhead demo`: the main job on real OpenClaw, with a boundary broken and restored on the way. Exit 0 only if every step showed what it must. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Blueprint } from '../../core/blueprint.ts';
import { succeeded } from '../../core/command.ts';
import { BulkheadError, EXIT_CODES } from '../../core/error.ts';
import { playDemo, whatWasSeen, type DemoHands } from '../../demo/demo.ts';
import { DEMO_TENANTS, demoManifest, type DemoFleet } from '../../demo/fleet.ts';
import { startModels } from '../../demo/models.ts';
import { askBusyPorts } from '../../hosts/run-program.ts';
import { osUser } from '../../isolation/os-user/os-user.ts';
import { localHost } from '../../hosts/local.ts';
import { gatewayTokenFile } from '../../openclaw/secrets.ts';
import { printJson } from '../../report/escape.ts';
import { action } from '../action.ts';
import type { CliContext } from '../context.ts';
import { layoutFor } from '../layouts.ts';
import { openSession, theTenant, type Session } from '../session.ts';

const RISK_DAYS = 90;
/** For each tenant: a removal takes 4 s, on a busy machine ten times that. */
const TEAR_DOWN_MS = 300_000;
const MODEL_PORTS = Array.from({ length: 20 }, (_, index) => 8100 + index);

export const demo = action(async (context, flags: { readonly json: boolean; readonly keep: boolean }) => {
  const started = context.now().getTime();
  const fingerprint = await osUser.fingerprint(localHost(), context.signal);
  const rung = fingerprint.state === 'usable' ? 'os-user' : 'profile';
  const folder = mkdtempSync(join(context.uid === 0 ? '/var/lib' : tmpdir(), 'bulkhead-demo-'));
  // Tenants pass through to their own trees; nothing in the folder itself can be listed.
  chmodSync(folder, 0o711);
  const stage = new Stage(context, folder, await prepared(context, folder, rung), flags.json);
  const failure = await failureOf(playDemo(stage, { rung, ...(fingerprint.state === 'usable' ? {} : { lost: lostWithout(fingerprint.reason) }) }));
  await stage.closeModels();
  if (failure !== undefined) await stage.sayWhatGatewaysSaid();
  if (flags.keep)
    stage.say(
      failure === undefined ? keptText(context, await stage.session(), folder) : `7  Everything is left as it is.\n${endText(context, folder)}`,
    );
  else await stage.tearDown(failure);
  if (failure !== undefined) throw failure;
  const seconds = Math.round((context.now().getTime() - started) / 1000);
  if (flags.json) context.print(`${printJson({ ok: true, exitCode: 0, rung, seconds, kept: flags.keep ? folder : null })}\n`);
  else context.print(`\nEvery step showed what it must, in ${seconds} s.\n`);
  return EXIT_CODES.ok;
});

/** What a promise failed with, for when something has to be put in order first. */
async function failureOf(promise: Promise<void>): Promise<Error | undefined> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error('the demo failed', { cause: error });
  }
}

function lostWithout(reason: string): string {
  return `(os-user cannot be had here: ${reason}. Lost: everything but separate paths and tokens. One OS user can read both clients.)`;
}

/** `prepare`, after which either all is there or nothing. */
async function prepared(context: CliContext, folder: string, rung: DemoFleet['rung']): Promise<DemoFleet> {
  try {
    return await prepare(context, folder, rung);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Writes the manifest and the model keys, which are made up and open nothing. */
async function prepare(context: CliContext, folder: string, rung: DemoFleet['rung']): Promise<DemoFleet> {
  const keys = join(folder, 'keys');
  mkdirSync(keys, { mode: 0o700 });
  for (const tenant of DEMO_TENANTS) writeFileSync(join(keys, `${tenant}.key`), `demo-${tenant}-${crypto.randomUUID()}\n`, { mode: 0o600 });
  const { busy } = await askBusyPorts(localHost(), process.execPath, MODEL_PORTS, context.signal);
  const modelPort = MODEL_PORTS.find((port) => !busy.includes(port));
  if (modelPort === undefined)
    throw new BulkheadError('host', 'no port from 8100 to 8119 is free for the scripted model', 'see what listens with: ss -ltn');
  const until = new Date(context.now().getTime() + RISK_DAYS * 86_400_000).toISOString().slice(0, 10);
  const fleet: DemoFleet = { rung, modelPort, keys, until };
  writeFileSync(join(folder, 'bulkhead.yaml'), demoManifest(fleet));
  return fleet;
}

/** The hands of the demo: our own commands, run in this process, on a fleet of their own. */
class Stage implements DemoHands {
  readonly #context: CliContext;
  readonly #folder: string;
  readonly #fleet: DemoFleet;
  readonly #quiet: boolean;
  #models: { close(): Promise<void> } | undefined;
  #token: string | undefined;

  constructor(context: CliContext, folder: string, fleet: DemoFleet, quiet: boolean) {
    this.#context = context;
    this.#folder = folder;
    this.#fleet = fleet;
    this.#quiet = quiet;
  }

  say = (text: string): void => {
    if (this.#quiet) this.#context.note(`${text}\n`);
    else this.#context.print(`${text}\n`);
  };

  session(): Promise<Session> {
    return openSession(this.#context, { file: join(this.#folder, 'bulkhead.yaml'), stateDir: join(this.#folder, 'state'), json: false });
  }

  run = async (argv: readonly string[], must: number): Promise<string> => {
    const [command = '', ...rest] = argv;
    const { exitCode, output } = await this.#context.invoke([command, ...whereIn(this.#folder), ...rest]);
    this.#context.signal.throwIfAborted();
    if (exitCode === must) return output;
    this.#context.note(
      whatWasSeen(output)
        .map((line) => `   ${line}\n`)
        .join(''),
    );
    throw new BulkheadError(
      'unverified',
      `the demo had to see exit ${must} from \`bulkhead ${command}\`, and saw ${exitCode}`,
      'what it printed is above; ./bulkhead demo --keep leaves the two tenants to look at',
    );
  };

  startModels = async (): Promise<void> => {
    const session = await this.session();
    const addresses = await Promise.all(
      session.blueprints.map(async (blueprint) => (await this.#details(session, blueprint)).hostAddress ?? '127.0.0.1'),
    );
    this.#models = await startModels([...new Set(addresses)], this.#fleet.modelPort);
  };

  closeModels = async (): Promise<void> => {
    await this.#models?.close();
  };

  sabotage = async (): Promise<string> => {
    const session = await this.session();
    const acme = theTenant(session, 'acme');
    if (this.#fleet.rung === 'profile') return this.#shareToken(session, acme);
    const decoy = `${acme.paths.state}/decoy.txt`;
    await this.#asTenant(session, acme, ['cp', '--', '/etc/hostname', decoy]);
    await this.#asTenant(session, acme, ['chmod', '0644', '--', decoy]);
    await this.#asTenant(session, acme, ['chmod', '0755', '--', acme.paths.root, acme.paths.state]);
    return `chmod 755 on acme’s state directory, with a world-readable decoy in it`;
  };

  restore = async (): Promise<void> => {
    const session = await this.session();
    const acme = theTenant(session, 'acme');
    if (this.#fleet.rung === 'profile') {
      const globex = gatewayTokenFile(theTenant(session, 'globex').paths);
      if (this.#token === undefined) return;
      rmSync(globex, { force: true });
      writeFileSync(globex, this.#token, { mode: 0o400 });
      return;
    }
    await this.#asTenant(session, acme, ['rm', '-f', '--', `${acme.paths.state}/decoy.txt`]);
    await this.#asTenant(session, acme, ['chmod', '0700', '--', acme.paths.root, acme.paths.state]);
  };

  /** After a failure, while the logs are still there. */
  sayWhatGatewaysSaid = async (): Promise<void> => {
    if (this.#context.signal.aborted) return;
    for (const tenant of DEMO_TENANTS) {
      const { exitCode, output } = await this.#context.invoke(['logs', ...whereIn(this.#folder), '-n', '15', tenant]);
      if (exitCode === 0) this.#context.note(`the end of the log of ${tenant}:\n${output}`);
    }
  };

  /** `failure`: why the demo ended, where it did not end well. */
  tearDown = async (failure: Error | undefined): Promise<void> => {
    const where = whereIn(this.#folder);
    const byHand = removeText(this.#context, this.#folder);
    this.say('7  Tear down');
    if (this.#context.signal.aborted) this.#context.note(`Interrupted. Ctrl-C once more leaves things as they are; then: ${byHand}\n`);
    for (const tenant of DEMO_TENANTS) {
      // Ctrl-C ends the demo, not its cleaning up.
      const { exitCode } = await this.#context.invoke(['remove', ...where, tenant, '--confirm', tenant], AbortSignal.timeout(TEAR_DOWN_MS));
      if (exitCode !== 0) throw new BulkheadError('apply', `${tenant} could not be removed`, `run: ${byHand}`, { cause: failure });
    }
    // What a fleet keeps while it may be applied again: nothing is in it any more.
    for (const left of leftBy(this.#context, this.#folder)) rmSync(left, { recursive: true, force: true });
  };

  /** Everything of one OS user is readable by it anyway: here the break is one gateway token for both. */
  #shareToken(session: Session, acme: Blueprint): string {
    const globex = gatewayTokenFile(theTenant(session, 'globex').paths);
    this.#token = readFileSync(globex, 'utf8');
    rmSync(globex);
    writeFileSync(globex, readFileSync(gatewayTokenFile(acme.paths)), { mode: 0o400 });
    return 'globex gets the gateway token of acme';
  }

  async #details(session: Session, blueprint: Blueprint) {
    const isolation = session.parts.isolationOf(blueprint);
    return isolation.details(await isolation.observe(blueprint, session.layout, session.parts.hostOf('local'), this.#context.signal));
  }

  async #asTenant(session: Session, blueprint: Blueprint, argv: readonly [string, ...string[]]): Promise<void> {
    const isolation = session.parts.isolationOf(blueprint);
    const host = session.parts.hostOf('local');
    const observed = await isolation.observe(blueprint, session.layout, host, this.#context.signal);
    const command = isolation.asTenant(blueprint, session.layout, observed, { title: argv.join(' '), argv });
    const result = await host.run(command, this.#context.signal);
    if (!succeeded(command, result)) throw new BulkheadError('host', `could not ${command.title}: ${result.stderr.trim()}`, 'run the demo again');
  }
}

function whereIn(folder: string): readonly string[] {
  return ['-f', join(folder, 'bulkhead.yaml'), '--state-dir', join(folder, 'state')];
}

function keptText(context: CliContext, session: Session, folder: string): string {
  const reach = session.blueprints.map(
    ({ tenant, publishedPort, paths }) => `   ${tenant}: http://127.0.0.1:${publishedPort}, token in ${gatewayTokenFile(paths)}\n`,
  );
  return `7  Both are left running (their scripted models have ended with this command):\n${reach.join('')}${endText(context, folder)}`;
}

function endText(context: CliContext, folder: string): string {
  const where = whereIn(folder).join(' ');
  return `   see: ./bulkhead status ${where}\n   use: ./bulkhead exec ${where} acme -- openclaw status\n   end: ${removeText(context, folder)}`;
}

/** Folders without tenants: of the fleet, and of what ran for it. */
function leftBy(context: CliContext, folder: string): readonly string[] {
  return [layoutFor(context, join(folder, 'state')).runDir, folder];
}

/** One line for a shell; the folder's name is our own. */
function removeText(context: CliContext, folder: string): string {
  const where = whereIn(folder).join(' ');
  return [
    ...DEMO_TENANTS.map((tenant) => `./bulkhead remove ${where} ${tenant} --confirm ${tenant}`),
    `rm -rf ${leftBy(context, folder).join(' ')}`,
  ].join(' && ');
}
