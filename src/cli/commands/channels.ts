/** `bulkhead channels`: which account of which channel is whose, and whether two tenants have one. Changes nothing. */
import { resolveSecrets, type SecretValues } from '../../apply/secret-values.ts';
import { desiredFacts } from '../../blueprint/desired-facts.ts';
import { judge } from '../../checks/judge.ts';
import type { Blueprint } from '../../core/blueprint.ts';
import { BulkheadError, EXIT_CODES } from '../../core/error.ts';
import type { Facts } from '../../core/facts.ts';
import { secretReference } from '../../core/fleet.ts';
import { observeFleet } from '../../observe/observe.ts';
import { ASKABLE } from '../../openclaw/channels/online.ts';
import { secretFiles } from '../../openclaw/secrets.ts';
import { channelsJson, channelsText, type ChannelsReport } from '../../report/channels-text.ts';
import { printJson } from '../../report/escape.ts';
import { accountRows, factsToJudge, sharedAccounts, type AccountRow, type AccountSources } from '../../verify/channel-accounts.ts';
import { action } from '../action.ts';
import { askProvider } from '../ask-provider.ts';
import { askSecrets } from '../ask-secrets.ts';
import type { CliContext } from '../context.ts';
import type { CommonFlags } from '../flags.ts';
import { progressTo } from '../progress.ts';
import { openSession, type Session } from '../session.ts';

export interface ChannelsFlags extends CommonFlags {
  readonly online: boolean;
  readonly identity?: string;
  /** `slack=http://127.0.0.1:8080` */
  readonly providerUrl?: readonly string[];
}

type Unsaid = ChannelsReport['unsaid'][number];

export const channels = action(async (context, flags: ChannelsFlags) => {
  const bases = basesOf(flags);
  const session = await openSession(context, flags);
  const { fleet, blueprints } = session;
  const secrets = flags.online ? await askSecrets(context, session, flags.identity) : resolveSecrets(blueprints, context.env);
  const takenAt = context.now().toISOString();
  const desired = desiredFacts({ fleet, blueprints, provided: secrets.provided, masker: secrets.masker, takenAt });
  const observed = await observeBuilt(context, session, takenAt);
  const asked = flags.online ? await askAll(context, session, secrets, bases) : { online: [], unsaid: [] };
  const sources: AccountSources = {
    desired,
    ...(observed === undefined ? {} : { observed }),
    online: asked.online,
    secretPlaces: new Set(blueprints.flatMap(placesOf)),
  };
  const notSeen = (observed?.tenants ?? []).flatMap(({ tenant, identities }): readonly Unsaid[] =>
    identities.known ? [] : [{ tenant, what: 'what it keeps itself', why: identities.why, attention: true }],
  );
  const rows = accountRows(sources);
  const report = { rows, shared: sharedAccounts(judge(factsToJudge(sources))), unsaid: [...notSeen, ...missingOf(secrets, rows), ...asked.unsaid] };
  const exitCode =
    report.shared.length > 0 ? EXIT_CODES.findings : report.unsaid.some(({ attention }) => attention) ? EXIT_CODES.unverified : EXIT_CODES.ok;
  if (flags.json) context.print(`${printJson({ ok: exitCode === EXIT_CODES.ok, exitCode, ...channelsJson(report) })}\n`);
  else context.print(channelsText(report, { color: context.color, width: context.width }));
  return exitCode;
});

/** What the gateways keep themselves: a linked device, a login. Of those that are built; undefined when none is. */
async function observeBuilt(context: CliContext, { fleet, blueprints, layoutOf, parts }: Session, takenAt: string): Promise<Facts | undefined> {
  const { signal } = context;
  const looks = blueprints.map(async (blueprint) => {
    const isolation = parts.isolationOf(blueprint);
    try {
      const seen = await isolation.observe(blueprint, layoutOf(blueprint.host), parts.hostOf(blueprint.host), signal);
      return { blueprint, look: () => seen, isBuilt: isolation.hasTree(blueprint, seen) };
    } catch (error) {
      signal.throwIfAborted();
      if (blueprint.host === 'local' || !(error instanceof BulkheadError)) throw error;
      // Whether it is built nobody knows: it is told as one that could not be looked at.
      const fail = (): never => {
        throw error;
      };
      return { blueprint, look: fail, isBuilt: true };
    }
  });
  const built = (await Promise.all(looks)).filter(({ isBuilt }) => isBuilt);
  if (built.length === 0) return undefined;
  const seen = new Map(built.map((one) => [one.blueprint.tenant, one.look]));
  return await observeFleet({
    fleet,
    blueprints: built.map(({ blueprint }) => blueprint),
    layoutOf,
    hostOf: parts.hostOf,
    isolationOf: parts.isolationOf,
    observedOf: ({ tenant }) => seen.get(tenant)?.(),
    signal,
    takenAt,
    onProgress: progressTo(context).line,
  });
}

/** A secret that is not provided here could be any account, unless something else tells it. */
function missingOf({ missing }: SecretValues, rows: readonly AccountRow[]): readonly Unsaid[] {
  const told = new Set(
    rows.flatMap(({ tenant, channel, kind, account }) => (account === undefined || kind !== undefined ? [] : [`${tenant} ${channel}`])),
  );
  return missing.flatMap(({ tenant, role, reference, why }): readonly Unsaid[] => {
    const channel = /^channel:([^:]+)/.exec(role)?.[1];
    return channel === undefined || told.has(`${tenant} ${channel}`)
      ? []
      : [{ tenant, what: channel, why: `${reference} is not provided here: ${why}`, attention: true }];
  });
}

/** One after the other: a provider that is asked for many tenants at once takes it for an attack. */
async function askAll(context: CliContext, { blueprints }: Session, secrets: SecretValues, bases: ReadonlyMap<string, string>) {
  const online: AccountSources['online'][number][] = [];
  const unsaid: Unsaid[] = [];
  const progress = progressTo(context);
  for (const { tenant, channels: declared } of blueprints) {
    for (const channel of declared) {
      const { kind } = channel;
      const base = bases.get(kind);
      progress.line(`ask ${kind} whose account ${tenant} has`);
      const token = secrets.valueOf(tenant, `channel:${kind}`);
      const told = await askProvider({ channel, token, ...(base === undefined ? {} : { base }) }, context.signal);
      if (told.state === 'told') online.push({ tenant, channel: kind, accounts: told.accounts, server: told.server });
      else unsaid.push({ tenant, what: `${kind} online`, why: told.why, attention: told.state === 'failed' });
    }
  }
  return { online, unsaid };
}

/** Where secrets of the manifest come from and where they are put. */
function placesOf(blueprint: Blueprint): readonly string[] {
  return secretFiles(blueprint).flatMap(({ file, source }) => [`file:${file}`, ...(source === 'generated' ? [] : [secretReference(source)])]);
}

/** Throws BulkheadError `usage`. */
function basesOf({ providerUrl = [], online }: ChannelsFlags): ReadonlyMap<string, string> {
  if (providerUrl.length > 0 && !online) throw new BulkheadError('usage', '--provider-url without --online asks nobody', 'add --online');
  return new Map(
    providerUrl.map((text) => {
      const [, kind = '', url = ''] = /^([a-z]+)=(https?:\/\/[^\s@?#]+)$/.exec(text) ?? [];
      if (ASKABLE.includes(kind) && URL.canParse(url)) return [kind, url] as const;
      throw new BulkheadError('usage', 'a --provider-url is CHANNEL=https://…', `channels whose provider can be asked: ${ASKABLE.join(', ')}`);
    }),
  );
}
