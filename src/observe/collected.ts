/** Shapes of what collectors print, checked on receipt: a tenant may have had a hand in it. */
import * as v from 'valibot';
import { PATH_ROLES } from '../core/facts.ts';
import { count, hex, identity, namespaces, path, seen, variables } from './shapes.ts';

export const TenantCollected = v.strictObject({
  paths: seen(
    v.pipe(
      v.array(
        v.strictObject({
          role: v.picklist(PATH_ROLES),
          declared: path,
          real: path,
          folded: v.exactOptional(path),
          synced: v.exactOptional(path),
          exists: v.boolean(),
          identity: v.exactOptional(identity),
          mode: v.exactOptional(count),
          uid: v.exactOptional(count),
          gid: v.exactOptional(count),
        }),
      ),
      v.maxLength(100),
    ),
  ),
  config: v.variant('ok', [
    v.strictObject({ ok: v.literal(true), value: v.unknown() }),
    v.strictObject({ ok: v.literal(false), why: v.pipe(v.string(), v.maxLength(400)) }),
  ]),
  includes: seen(
    v.pipe(
      v.array(
        v.strictObject({
          declared: path,
          real: path,
          from: path,
          identity: v.exactOptional(identity),
          uid: v.exactOptional(count),
          mode: v.exactOptional(count),
          holdsSecret: v.boolean(),
        }),
      ),
      v.maxLength(200),
    ),
  ),
});

const short = v.pipe(v.string(), v.maxLength(200));

const processSeen = v.strictObject({
  pid: count,
  startTicks: v.pipe(v.string(), v.regex(/^[0-9]+$/)),
  uid: count,
  gid: count,
  groups: v.array(count),
  umask: v.exactOptional(v.pipe(v.string(), v.regex(/^[0-7]{3,5}$/))),
  userIds: v.exactOptional(v.array(v.strictObject({ first: count, count }))),
  noNewPrivs: v.boolean(),
  capabilities: v.pipe(v.string(), v.regex(/^[0-9a-f]+$/)),
  seccomp: count,
  namespaces,
  environment: v.record(v.string(), path),
  variables,
});
const listenerSeen = v.strictObject({ address: v.string(), port: count, holders: v.array(v.strictObject({ pid: count, uid: count, namespaces })) });

export const GvisorCollected = v.strictObject({
  process: v.nullable(processSeen),
  kernel: v.strictObject({
    release: short,
    log: short,
    sandbox: v.pipe(v.string(), v.regex(/^sandbox [0-9a-f]{16}$/)),
    hidepid: short,
    tmp: path,
    shm: path,
  }),
});

export const HostCollected = v.strictObject({
  bootId: v.pipe(v.string(), v.regex(/^[0-9a-f-]{36}$/)),
  addresses: v.array(v.pipe(v.string(), v.ip())),
  namespaces,
  tenants: v.record(
    v.string(),
    v.strictObject({
      process: seen(v.nullable(processSeen)),
      listener: seen(v.nullable(listenerSeen)),
      backings: seen(v.record(path, v.strictObject({ backing: path, fileSystem: path }))),
      sandbox: v.exactOptional(v.strictObject({ pid: count, startTicks: v.pipe(v.string(), v.regex(/^[0-9]+$/)), net: v.string(), files: count })),
    }),
  ),
});

const refused = v.object({ ok: v.literal(false), why: v.string() });
const hello = v.object({
  claim: v.strictObject({ version: path, configPath: path, stateDir: path, authMode: path, latencyMs: count }),
  statusDigest: hex,
});

export const GatewayAnswer = v.variant('ok', [v.object({ ok: v.literal(true), value: hello }), refused]);

/** The answer of `look`: who the gateway is, and which tools it gives. */
export const GatewayLook = v.object({
  hello: GatewayAnswer,
  tools: v.variant('ok', [
    v.object({
      ok: v.literal(true),
      value: v.strictObject({ tools: v.pipe(v.array(v.pipe(v.string(), v.maxLength(128))), v.maxLength(500)), sessions: count }),
    }),
    refused,
  ]),
});

export const AuditAnswer = v.strictObject({
  ranAs: v.strictObject({ uid: v.number(), configPath: path, namespaces }),
  exit: v.nullable(v.number()),
  stdout: v.pipe(v.string(), v.maxLength(2 << 20)),
  stderr: v.string(),
  truncated: v.boolean(),
  takenAt: v.pipe(v.string(), v.maxLength(40)),
});
