/** Shapes of what the network and stores collectors print, checked on receipt. */
import * as v from 'valibot';
import { seen } from './shapes.ts';

const text = (most: number) => v.pipe(v.string(), v.maxLength(most));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const port = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535));
const hex = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const range = { first: port, last: port };
const list = <const T extends v.GenericSchema>(item: T, most: number) => v.pipe(v.array(item), v.maxLength(most));
const inode = v.pipe(v.string(), v.regex(/^[0-9]{1,20}$/));

export const NetworkCollected = v.strictObject({
  sockets: seen(list(v.strictObject({ namespace: inode, address: text(64), port, uid: count, pids: list(count, 20) }), 21_000)),
  portRange: seen(v.strictObject({ ...range, reserved: list(v.strictObject(range), 65_536) })),
  proxies: seen(list(v.strictObject({ path: text(1100), text: text(256 << 10) }), 50)),
  envFiles: v.record(
    v.string(),
    seen(
      v.strictObject({
        keys: list(v.strictObject({ name: text(64), digest: hex }), 500),
        urls: list(v.strictObject({ name: text(64), url: text(2000) }), 500),
      }),
    ),
  ),
  keyFiles: v.record(v.string(), seen(hex)),
});

export const StoresCollected = v.strictObject({
  profiles: seen(
    list(
      v.strictObject({
        declared: text(8192),
        real: text(8192),
        identity: v.pipe(v.string(), v.regex(/^[0-9]+:[0-9]+$/)),
        lock: v.exactOptional(text(300)),
        accounts: list(text(400), 200),
        sync: v.boolean(),
        passwords: v.boolean(),
        cookieHosts: list(text(255), 2000),
      }),
      50,
    ),
  ),
  nodes: seen(list(v.strictObject({ device: text(300), name: v.exactOptional(text(300)) }), 50_000)),
});
