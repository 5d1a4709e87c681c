/** The JSON Schema of bulkhead.yaml, for editors. */
import { toJsonSchema } from '@valibot/to-json-schema';
import { manifest } from './manifest.ts';

/** JSON Schema, draft 2020-12. Rules that no schema can say (real dates, names that exist) are left to the parser. */
export function manifestSchema(): Record<string, unknown> {
  const schema = toJsonSchema(manifest, { typeMode: 'input', errorMode: 'ignore', target: 'draft-2020-12' });
  return { ...schema, title: 'bulkhead.yaml', description: 'One entry per trust boundary: tenants of OpenClaw, each with a Gateway of its own' };
}
