/** `bulkhead schema`: the manifest's JSON Schema. */
import { printJson } from '../../report/escape.ts';
import { EXIT_CODES } from '../../core/error.ts';
import { manifestSchema } from '../../manifest/schema.ts';
import { action } from '../action.ts';

export const schema = action(async (context, _flags: { readonly json: boolean }) => {
  context.print(`${printJson(manifestSchema())}\n`);
  return EXIT_CODES.ok;
});
