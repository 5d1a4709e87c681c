/** Shapes of what the collectors of secrets print. */
import * as v from 'valibot';
import { ENV_LAYERS } from '../core/secret-facts.ts';
import { count, hex, identity, masked, name, path, seen, variables } from './shapes.ts';

function listOf<const T extends v.GenericSchema>(item: T, most: number) {
  return seen(v.pipe(v.array(item), v.maxLength(most)));
}

const place = { declared: path, real: path, exists: v.boolean(), identity: v.exactOptional(identity) };

export const SecretsCollected = v.strictObject({
  files: listOf(v.strictObject({ wanted: path, pointer: v.exactOptional(path), file: path, identity: path, value: masked }), 2000),
  envFiles: listOf(v.strictObject({ layer: v.picklist(ENV_LAYERS), place: v.strictObject(place), variables }), 10),
  places: listOf(v.strictObject({ what: name, ...place }), 600),
  stores: seen(
    v.strictObject({
      profiles: v.pipe(
        v.array(v.strictObject({ database: path, profile: name, provider: name, type: name, field: name, value: masked, accounts: v.array(name) })),
        v.maxLength(1000),
      ),
      store: v.pipe(v.array(v.strictObject({ name, value: masked })), v.maxLength(1000)),
      mcp: v.pipe(v.array(v.strictObject({ server: name, value: masked })), v.maxLength(20_000)),
      senders: v.pipe(v.array(v.strictObject({ channel: name, entry: name })), v.maxLength(1000)),
    }),
  ),
  histories: listOf(v.strictObject({ file: path, digest: hex }), 1000),
});

export const ArgvCollected = v.strictObject({
  found: v.pipe(v.array(v.strictObject({ digest: hex, pid: count, uid: count })), v.maxLength(1000)),
});
