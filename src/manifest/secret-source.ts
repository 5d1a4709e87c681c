/** The forms in which a manifest says where a secret comes from. */
import * as v from 'valibot';

export const absolutePath = v.pipe(v.string(), v.regex(/^\/[^\r\n\t]{1,1000}$/, 'must be an absolute path'));

const SECRET_IN_ARGUMENT = /^--?[a-z-]*(?:token|password|passphrase)=./i;
const word = v.pipe(v.string(), v.regex(/^[^\p{Cc}]{0,2000}$/u, 'must be text without control characters'));

export const secret = v.union([
  v.strictObject({
    env: v.pipe(
      v.string(),
      v.regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/),
      v.description('Name of the environment variable of `bulkhead apply` that holds the value'),
    ),
  }),
  v.strictObject({ file: v.pipe(absolutePath, v.description('Absolute path of a file that holds nothing but the value')) }),
  v.strictObject({
    exec: v.pipe(
      v.array(word),
      v.minLength(1),
      v.maxLength(64),
      v.check(([program = '']) => /^(?:\/[^\p{Cc}]*[^/\p{Cc}]|[A-Za-z0-9_][^/\p{Cc}]*)$/u.test(program)),
      v.check((argv) => !argv.some((argument) => SECRET_IN_ARGUMENT.test(argument))),
      v.description('Program, by name or absolute path, and its arguments: prints nothing but the value. No shell'),
    ),
  }),
  v.strictObject({
    age: v.pipe(
      v.string(),
      v.regex(/^[^\p{Cc}#\\]{0,999}[^\p{Cc}#\\/]$/u),
      v.description('File encrypted with age, absolute or relative to the manifest: holds the value, or a mapping of names to values'),
    ),
    key: v.optional(
      v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/), v.description('Name of the value in the mapping that the file holds')),
    ),
  }),
]);
