/** Keeps one service in its wanted state: starts it, adopts it, publishes its port, restarts it with backoff, stops it. */
import { closeSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceStatus } from '../../core/host.ts';
import { backoffMs } from './backoff.ts';
import { bootId, readRecord, writeOwnFile, type RunRecord } from './files.ts';
import { resolvePid, startForwarder } from './forward.ts';
import { RESTORE_ATTEMPTS } from './guard.ts';
import type { Definition, KeeperTools, Run } from './kept.ts';
import { openLog, rotateLog } from './log.ts';
import { findBoundary, findOrphans, identify, isRunning, portHolder, type BoundaryPids, type ProcessId } from './process.ts';
import { kill, killGroup, startDetached } from './signals.ts';

const BOUNDARY_POLL_MS = 100;
const AFTER_KILL_MS = 10_000;

export class Keeper {
  readonly definition: Definition;
  readonly #tools: KeeperTools;
  #wanted: boolean;
  #run: Run | undefined;
  #forwarder: ProcessId | undefined;
  #publishing = false;
  #publishFailures = 0;
  #publishNotBefore = 0;
  #publishReason: string | undefined;
  #failures = 0;
  #restarts = 0;
  #timer: NodeJS.Timeout | undefined;
  #lastExit: ServiceStatus['lastExit'];
  #failed: string | undefined;
  #reason: string | undefined;
  #launching: Promise<void> | undefined;
  #ending: Promise<void> | undefined;

  constructor(definition: Definition, wanted: boolean, tools: KeeperTools) {
    this.definition = definition;
    this.#tools = tools;
    this.#wanted = wanted;
    this.#adopt();
  }

  /** Brings the service to what is wanted after the supervisor's own start. */
  async settle(): Promise<void> {
    if (this.#run !== undefined && (!this.#wanted || this.#run.definition !== this.definition.hash)) await this.#terminate();
    if (this.#wanted && this.#run === undefined) await this.#launch();
  }

  status(): ServiceStatus {
    const reason = this.#failed ?? (this.#run === undefined ? this.#reason : this.#publishReason);
    const top = this.#run?.id.pid;
    return {
      name: this.definition.service.name,
      state: this.#state(),
      restarts: this.#restarts,
      ...(top === undefined ? {} : { top }),
      ...(this.#lastExit === undefined ? {} : { lastExit: this.#lastExit }),
      ...(reason === undefined ? {} : { reason }),
    };
  }

  async start(): Promise<void> {
    this.#wanted = true;
    await this.#ending;
    if (this.#run !== undefined && this.#failed === undefined) return;
    this.#failed = undefined;
    this.#failures = 0;
    clearTimeout(this.#timer);
    await this.#launch();
  }

  async stop(): Promise<void> {
    this.#wanted = false;
    this.#failed = undefined;
    this.#reason = undefined;
    clearTimeout(this.#timer);
    await this.#launching;
    await this.#terminate();
  }

  /** Periodic look: adopted processes, the forwarder, the log's size, the guard. */
  async tick(): Promise<void> {
    if (this.#run !== undefined && this.#run.child === undefined && !isRunning(this.#run.id)) this.#ended(null, null);
    if (this.#forwarder !== undefined && !isRunning(this.#forwarder)) this.#forwarder = undefined;
    if (rotateLog(this.definition.service.logFile)) this.#say('log reached its size: cut, older part kept beside it');
    const { guard } = this.#tools;
    if (
      guard !== undefined &&
      this.#run !== undefined &&
      this.#failed === undefined &&
      !(await guard.look()) &&
      guard.counts.failedInARow >= RESTORE_ATTEMPTS
    ) {
      this.#failed = `stopped: its firewall ruleset is gone and could not be restored ${guard.counts.failedInARow} times in a row`;
      this.#say(this.#failed);
      await this.#terminate();
    }
    await this.#publish();
  }

  #state(): ServiceStatus['state'] {
    if (this.#failed !== undefined) return 'failed';
    if (this.#run !== undefined) return this.definition.service.publish !== undefined && this.#forwarder === undefined ? 'starting' : 'running';
    if (!this.#wanted) return 'stopped';
    return this.#launching === undefined ? 'backing-off' : 'starting';
  }

  #adopt(): void {
    const record = readRecord(this.#recordFile());
    const orphans = findOrphans(this.definition.service.logFile);
    const orphan = orphans.tops[0] === undefined ? undefined : identify(orphans.tops[0]);
    const known = record !== undefined && isRunning(record.top) ? record.top : undefined;
    const id = known ?? orphan;
    if (known !== undefined && record?.forwarder !== undefined && isRunning(record.forwarder)) this.#forwarder = record.forwarder;
    for (const pid of orphans.forwarders) if (pid !== this.#forwarder?.pid) killGroup(pid, 'SIGKILL');
    for (const pid of orphans.tops) if (pid !== id?.pid) killGroup(pid, 'SIGKILL');
    if (id === undefined) return;
    this.#restarts = record?.restarts ?? 0;
    this.#run = { id, definition: known === undefined ? this.definition.hash : (record?.definition ?? ''), since: Date.now() };
    this.#record();
    this.#say(`adopted the running process ${id.pid}`);
  }

  #launch(): Promise<void> {
    this.#launching ??= this.#launchOnce().finally(() => {
      this.#launching = undefined;
    });
    return this.#launching;
  }

  async #launchOnce(): Promise<void> {
    const { service, hash } = this.definition;
    if (this.#tools.guard !== undefined && !(await this.#tools.guard.look()))
      return this.#retry('its firewall ruleset is not loaded and could not be restored');
    if (!this.#wanted || this.#run !== undefined) return;
    try {
      const child = startDetached(service);
      child.once('error', (error) => {
        if (child.pid === undefined) this.#retry(`could not start ${service.argv[0]}: ${error.message}`);
      });
      const id = child.pid === undefined ? undefined : identify(child.pid);
      if (id === undefined) return;
      const run: Run = (this.#run = { id, definition: hash, child, since: Date.now() });
      this.#record();
      child.once('exit', (exit, signal) => {
        if (this.#run === run) this.#ended(exit, signal);
      });
      this.#say(`started, process ${id.pid}`);
      this.#publishNotBefore = 0;
      this.#awaitBoundary(run, 50);
    } catch (cause) {
      this.#retry(`could not start: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  }

  /** Looks often for the boundary's pid 1 at first; later the timer does. */
  #awaitBoundary(run: Run, looks: number): void {
    if (this.definition.service.publish === undefined || looks === 0) return;
    setTimeout(() => {
      if (this.#run !== run || this.#forwarder !== undefined) return;
      void this.#publish().then(() => this.#awaitBoundary(run, looks - 1));
    }, BOUNDARY_POLL_MS);
  }

  async #publish(): Promise<void> {
    const { publish, logFile } = this.definition.service;
    const run = this.#run;
    if (
      publish === undefined ||
      run === undefined ||
      this.#forwarder !== undefined ||
      this.#publishing ||
      this.#ending !== undefined ||
      Date.now() < this.#publishNotBefore
    )
      return;
    const first = publish.findsBoundary === true ? 0 : this.#boundary(run)?.first;
    if (first === undefined) return;
    this.#publishing = true;
    try {
      const log = openLog(logFile);
      const started = await startForwarder(publish.port, resolvePid(publish.argv, first), log).finally(() => closeSync(log));
      if ('error' in started) return this.#publishFailed(whyNotPublished(started.error, publish.port));
      const id = identify(started.child.pid ?? 0);
      if (id === undefined) return this.#publishFailed('forwarder ended at once');
      if (this.#run !== run || this.#ending !== undefined) return killGroup(id.pid, 'SIGKILL');
      this.#forwarder = id;
      this.#publishReason = undefined;
      this.#record();
      started.child.once('exit', (exit, signal) => {
        if (this.#forwarder !== id) return;
        this.#forwarder = undefined;
        this.#publishFailed(`forwarder of port ${publish.port} ended (${signal ?? `exit ${exit}`})`);
      });
    } finally {
      this.#publishing = false;
    }
  }

  #publishFailed(reason: string): void {
    this.#publishFailures += 1;
    const wait = backoffMs(this.#tools.pace, Math.min(this.#publishFailures, 5), this.#tools.random());
    this.#publishNotBefore = Date.now() + wait;
    if (this.#publishReason !== reason) this.#say(reason);
    this.#publishReason = reason;
    setTimeout(() => void this.#publish(), wait + 5).unref();
  }

  #boundary(run: Run): BoundaryPids | undefined {
    // Only a service that publishes has one: below others a pid 1 may be a browser's own sandbox. What is found otherwise is told to end by its top.
    return (this.definition.service.publish ?? { findsBoundary: true }).findsBoundary === true ? undefined : findBoundary(run.id.pid, 4);
  }

  #ended(exit: number | null, signal: string | null): void {
    const run = this.#run;
    if (run === undefined) return;
    if (run.child !== undefined) killGroup(run.id.pid, 'SIGKILL');
    this.#run = undefined;
    this.#endForwarder();
    rmSync(this.#recordFile(), { force: true });
    this.#lastExit = { exit, signal, at: new Date().toISOString() };
    const how = signal ?? (exit === null ? 'ended, exit status unknown' : `exit ${exit}`);
    this.#say(`process ${run.id.pid} ended: ${how}`);
    if (!this.#wanted || this.#ending !== undefined || this.#failed !== undefined) return;
    if (exit !== null && this.definition.service.neverRestartExits.includes(exit)) {
      this.#failed = `exit ${exit} means its configuration is wrong: not restarted, see ${this.definition.service.logFile}`;
      return;
    }
    if (Date.now() - run.since >= this.#tools.pace.stableMs) this.#failures = 0;
    this.#retry(`${how}, restarting`);
  }

  #retry(reason: string): void {
    if (!this.#wanted || this.#failed !== undefined) return;
    this.#failures += 1;
    const wait = backoffMs(this.#tools.pace, this.#failures, this.#tools.random());
    this.#reason = `${reason} (next try ${this.#failures} in ${Math.ceil(wait / 1000)} s)`;
    this.#say(this.#reason);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#restarts += 1;
      void this.#launch();
    }, wait);
  }

  #terminate(): Promise<void> {
    this.#ending ??= this.#terminateOnce().finally(() => {
      this.#ending = undefined;
    });
    return this.#ending;
  }

  async #terminateOnce(): Promise<void> {
    const run = this.#run;
    if (run === undefined) return;
    this.#endForwarder();
    kill(this.#boundary(run)?.gateway ?? run.id.pid, 'SIGTERM');
    if (await this.#gone(run, this.definition.service.stopGraceSeconds * 1000)) return;
    this.#say(`still there ${this.definition.service.stopGraceSeconds} s after SIGTERM: killed`);
    if (isRunning(run.id)) killGroup(run.id.pid, 'SIGKILL');
    if (!(await this.#gone(run, AFTER_KILL_MS)))
      throw new Error(`process ${run.id.pid} of ${this.definition.service.name} does not end after SIGKILL`);
  }

  async #gone(run: Run, withinMs: number): Promise<boolean> {
    const deadline = Date.now() + withinMs;
    for (;;) {
      if (this.#run === run && !isRunning(run.id) && run.child === undefined) this.#ended(null, null);
      if (this.#run !== run) return true;
      if (Date.now() >= deadline) return false;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  #endForwarder(): void {
    if (this.#forwarder !== undefined && isRunning(this.#forwarder)) killGroup(this.#forwarder.pid, 'SIGKILL');
    this.#forwarder = undefined;
    this.#publishReason = undefined;
    this.#publishFailures = 0;
  }

  #record(): void {
    if (this.#run === undefined) return;
    const forwarder = this.#forwarder === undefined ? {} : { forwarder: this.#forwarder };
    const record: RunRecord = { boot: bootId(), definition: this.#run.definition, top: this.#run.id, restarts: this.#restarts, ...forwarder };
    writeOwnFile(this.#recordFile(), JSON.stringify(record));
  }

  #recordFile(): string {
    return join(this.#tools.records, `${this.definition.service.name}.json`);
  }

  #say(line: string): void {
    this.#tools.log(`${this.definition.service.name}: ${line}`);
  }
}

function whyNotPublished(error: NodeJS.ErrnoException, port: number): string {
  return error.code === 'EADDRINUSE' ? `port 127.0.0.1:${port} is held by ${portHolder(port)}` : `forwarder: ${error.message}`;
}
