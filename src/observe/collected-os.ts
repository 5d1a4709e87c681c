/** Shapes of what the collectors of accounts, machine, places and code print, checked on receipt: a tenant may have had a hand in it. */
import * as v from 'valibot';

const path = v.pipe(v.string(), v.maxLength(8192));
const short = v.pipe(v.string(), v.maxLength(400));
const text = v.pipe(v.string(), v.maxLength(8 << 20));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const limit = v.nullable(v.pipe(v.number(), v.minValue(0)));
const backing = v.exactOptional(path);
const fingerprint = v.pipe(v.string(), v.regex(/^SHA256:[A-Za-z0-9+/]{43}$/));
const owned = v.strictObject({ path, uid: count, gid: count, mode: count });
const way = v.pipe(v.array(owned), v.maxLength(200));
const files = v.array(v.strictObject({ path, text }));

function seen<const T extends v.GenericSchema>(value: T) {
  return v.variant('ok', [v.strictObject({ ok: v.literal(true), value }), v.strictObject({ ok: v.literal(false), why: short })]);
}

export const AccountsSeen = v.strictObject({
  passwd: text,
  group: text,
  sudoers: files,
  polkit: files,
  sshd: v.array(path),
  rootKeys: v.array(v.strictObject({ fingerprint, location: path })),
  lingering: v.array(short),
  subordinate: v.exactOptional(files),
  jobs: v.array(
    v.strictObject({ where: path, user: v.exactOptional(short), uid: v.exactOptional(count), mentions: v.boolean(), selects: v.boolean() }),
  ),
  closed: v.array(path),
});

const surroundings = v.strictObject({
  hidepid: short,
  procGid: v.exactOptional(count),
  tmp: backing,
  shm: backing,
  takenNames: v.array(v.strictObject({ path, uid: v.nullable(count) })),
  engineSockets: v.array(path),
  ownEngines: v.array(path),
  memoryBytes: limit,
  pids: limit,
  cpus: limit,
  disk: v.exactOptional(v.strictObject({ device: short, fileSystem: short, bytes: v.exactOptional(count), image: v.exactOptional(path) })),
});

export const MachineSeen = v.strictObject({
  machine: seen(
    v.strictObject({
      ptraceScope: short,
      tmp: path,
      shm: path,
      managementAgents: v.array(short),
      machineId: v.exactOptional(v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/))),
      hostKeys: v.pipe(v.array(fingerprint), v.maxLength(50)),
      container: v.exactOptional(short),
      gateways: v.pipe(
        v.array(v.strictObject({ pid: count, uid: count, pidNamespace: v.exactOptional(v.pipe(v.string(), v.regex(/^[0-9]+$/))) })),
        v.maxLength(10_000),
      ),
      memoryBytes: count,
    }),
  ),
  tenants: v.record(
    v.string(),
    v.strictObject({
      surroundings: seen(v.nullable(surroundings)),
      service: seen(v.strictObject({ unit: v.exactOptional(path), manager: v.exactOptional(short), places: v.array(owned) })),
      container: seen(v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)))),
    }),
  ),
});

export const PlacesSeen = v.strictObject({
  loose: seen(v.array(owned)),
  tenants: v.record(
    v.string(),
    v.strictObject({
      places: seen(v.array(owned)),
      archives: seen(v.nullable(v.strictObject({ way, archives: v.array(v.strictObject({ place: owned, content: v.exactOptional(path) })) }))),
      log: seen(v.nullable(way)),
    }),
  ),
});

export const CodeSeen = v.strictObject({
  roots: seen(
    v.pipe(
      v.array(
        v.strictObject({
          kind: v.picklist(['plugins', 'skills', 'cache']),
          from: short,
          declared: path,
          real: path,
          identity: v.exactOptional(v.pipe(v.string(), v.regex(/^[0-9]+:[0-9]+$/))),
          uid: v.exactOptional(count),
          gid: v.exactOptional(count),
          mode: v.exactOptional(count),
        }),
      ),
      v.maxLength(500),
    ),
  ),
  homePathUses: seen(v.pipe(v.array(v.strictObject({ file: path, kind: v.picklist(['home', 'absolute']) })), v.maxLength(100))),
  loginKeys: seen(v.pipe(v.array(v.strictObject({ kind: v.picklist(['accepts', 'holds']), fingerprint, location: path })), v.maxLength(2000))),
  logs: seen(v.pipe(v.array(way), v.maxLength(20))),
});
