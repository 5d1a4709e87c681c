/** `bulkhead verify --watch`: tells what changes to whoever is to know: the log, a webhook, a metrics file, systemd. */
import { setTimeout as pause } from 'node:timers/promises';
import { resolve } from 'node:path';
import { durationText } from '../core/duration.ts';
import { BulkheadError } from '../core/error.ts';
import type { WatchEvent, WatchSample } from '../core/watch.ts';
import { localHost } from '../hosts/local.ts';
import { metricsText } from '../report/metrics.ts';
import { watchJson, watchText } from '../report/watch-text.ts';
import { watch } from '../verify/watch.ts';
import type { CliContext } from './context.ts';
import type { CommonFlags } from './flags.ts';
import { replaceFile } from './metrics-file.ts';
import { openSession } from './session.ts';
import { earlierOf, verificationOf, type VerificationFlags } from './verification.ts';
import { webhookAddress, webhookFrom, webhookTo, type Webhook } from './webhook.ts';

export interface WatchFlags {
  readonly watch: boolean;
  /** Milliseconds. */
  readonly every?: number;
  readonly attackEvery?: number;
  readonly webhook?: string;
  readonly webhookFile?: string;
  readonly metrics?: string;
}

const EVERY_MS = 30_000;
const ATTACK_EVERY_MS = 6 * 3_600_000;
/** For what is still to be delivered when the watch ends. */
const GRACE_MS = 15_000;
const QUIET = { line: () => {} };

/** Throws BulkheadError `usage` where flags of a watch stand without it. */
export function refuseWithoutWatch({ every, attackEvery, webhook, webhookFile, metrics }: WatchFlags): void {
  const own = { every, 'attack-every': attackEvery, webhook, 'webhook-file': webhookFile, metrics };
  const given = Object.entries(own).find(([, value]) => value !== undefined);
  if (given !== undefined) throw new BulkheadError('usage', `--${given[0]} belongs to a watch`, 'add --watch, or leave it out');
}

/** Runs until it is interrupted; returns the exit code of the last verdict. */
export async function runWatch(context: CliContext, flags: CommonFlags & VerificationFlags & WatchFlags): Promise<number> {
  const { signal } = context;
  const { every = EVERY_MS, attackEvery = ATTACK_EVERY_MS } = flags;
  if (every < 5000) throw new BulkheadError('usage', '--every is less than 5 s: a look at two tenants takes as long', 'give 5s or more');
  const sleep = async (milliseconds: number): Promise<void> => {
    await pause(milliseconds, undefined, { signal }).catch(() => undefined);
  };
  let last: Pick<WatchEvent, 'fleet' | 'verdict' | 'exitCode'> = { fleet: '', verdict: 'unknown', exitCode: 3 };
  let metricsWhy: string | undefined;
  const print = (event: WatchEvent): void => context.print(flags.json ? watchJson(event) : watchText(event));
  const couldNot = (why: string): void => {
    print({ event: 'problem', at: context.now().toISOString(), ...last, changed: [], message: why });
  };
  const webhook = webhookOf(flags, context, sleep, couldNot);
  const status = statusTo(context);
  context.note(`Watching: facts and checks every ${durationText(every)}, attacks on every change and every ${durationText(attackEvery)}.\n`);
  const exitCode = await watch({
    everyMs: every,
    attackEveryMs: attackEvery,
    open: async () => {
      const session = await openSession(context, flags);
      const { state } = session;
      return {
        name: session.fleet.name,
        threshold: flags.failOn,
        pairs: flags.pairs,
        prepare: () => verificationOf(context, session, flags, QUIET),
        earlier: () => earlierOf(session),
        keep: (report) => void state.keepVerification(report),
        changedBy: () => {
          const holder = state.leaseHolder();
          return holder === undefined ? undefined : `${holder.user} runs bulkhead ${holder.command} (pid ${holder.pid})`;
        },
        generation: () => state.runs(1)[0]?.runId ?? '',
        close: () => {
          state.close();
          // Of a host that does not answer it may take a while, and nobody waits for it.
          void session.parts.close().catch(() => undefined);
        },
      };
    },
    tell: (event) => {
      last = { fleet: event.fleet, verdict: event.verdict, exitCode: event.exitCode };
      print(event);
      if (event.event === 'verdict') webhook?.send(event);
      if (event.event !== 'problem') status(event);
    },
    measure: (sample) => {
      const why = writeMetrics(sample, flags.metrics, context);
      // Every 30 s the same would be told.
      if (why !== undefined && why !== metricsWhy) couldNot(why);
      metricsWhy = why;
    },
    sleep,
    now: () => context.now(),
    signal,
  });
  if (webhook !== undefined) await Promise.race([webhook.settled(), pause(GRACE_MS, undefined, { ref: false })]);
  return exitCode;
}

function webhookOf(
  { webhook, webhookFile }: WatchFlags,
  { cwd }: CliContext,
  sleep: (milliseconds: number) => Promise<void>,
  onFailure: (why: string) => void,
): Webhook | undefined {
  if (webhook !== undefined && webhookFile !== undefined)
    throw new BulkheadError('usage', '--webhook and --webhook-file name two addresses', 'leave one of them out');
  if (webhook === undefined && webhookFile === undefined) return undefined;
  const address = (): string => (webhookFile === undefined ? webhookAddress(webhook ?? '') : webhookFrom(resolve(cwd, webhookFile)));
  // A wrong one is told now, not when something happens.
  address();
  return webhookTo({ address, sleep, onFailure });
}

/** Why the metrics could not be written: the watch goes on. */
function writeMetrics(sample: WatchSample, file: string | undefined, { cwd, pid }: CliContext): string | undefined {
  if (file === undefined) return undefined;
  try {
    replaceFile(resolve(cwd, file), metricsText(sample), pid);
    return undefined;
  } catch (error) {
    return `the metrics could not be written: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Under systemd the unit's status shows the verdict: sd_notify(3), which Node cannot speak itself. */
function statusTo(context: CliContext): (event: WatchEvent) => void {
  if (context.env['NOTIFY_SOCKET'] === undefined) return () => {};
  const host = localHost();
  return ({ verdict, exitCode, at, message }) => {
    const text = `${verdict} (exit ${exitCode}) as of ${at.slice(0, 19)}Z${message === undefined ? '' : `: ${message.slice(0, 200)}`}`;
    const argv = ['systemd-notify', `--status=${text.replaceAll(/[^\x20-\x7e]/g, '?')}`] as const;
    const command = { title: 'tell systemd the verdict', argv, passEnvironment: ['NOTIFY_SOCKET'], timeoutMs: 10_000 };
    void host.run({ ...command, argv: [...argv] }, new AbortController().signal).catch(() => undefined);
  };
}
