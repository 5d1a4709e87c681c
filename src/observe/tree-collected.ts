/** Shape of what the tree collector prints, checked on receipt: a tenant may have had a hand in it. */
import * as v from 'valibot';
import { POWERS } from '../core/tool-settings.ts';
import { count, hex, identity, path, seen } from './shapes.ts';

const bits = v.pipe(count, v.maxValue(7));
const named = v.pipe(v.array(v.strictObject({ to: v.picklist(['user', 'group']), id: count, bits })), v.maxLength(10_000));
const name = v.pipe(v.string(), v.maxLength(200));

export const TreeCollected = v.strictObject({
  hardLinks: seen(v.pipe(v.array(v.strictObject({ identity, path })), v.maxLength(5000))),
  links: seen(v.pipe(v.array(v.strictObject({ path, real: path })), v.maxLength(5000))),
  access: seen(
    v.strictObject({
      objects: v.record(
        path,
        v.strictObject({
          kind: v.picklist(['directory', 'file']),
          uid: count,
          gid: count,
          mode: count,
          groupBits: bits,
          named,
          inherited: v.exactOptional(v.strictObject({ named, groupBits: bits, otherBits: bits })),
        }),
      ),
      closed: v.pipe(v.array(v.strictObject({ what: name, path })), v.maxLength(1000)),
    }),
  ),
  prompts: seen(v.pipe(v.array(v.strictObject({ path, line: count, power: v.picklist(POWERS) })), v.maxLength(200))),
  stores: seen(
    v.strictObject({
      databases: v.pipe(v.array(v.strictObject({ path, identity })), v.maxLength(1000)),
      marks: v.pipe(v.array(v.strictObject({ what: name, digest: hex })), v.maxLength(1000)),
    }),
  ),
});
