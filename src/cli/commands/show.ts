/** `bulkhead show TENANT`: nothing that isolates is inherited silently; here is all of it. */
import { EXIT_CODES } from '../../core/error.ts';
import { showText } from '../../report/show-text.ts';
import { action } from '../action.ts';
import type { CommonFlags } from '../flags.ts';
import { openSession, theTenant } from '../session.ts';

export const show = action(async (context, flags: CommonFlags, name: string) => {
  const session = await openSession(context, flags);
  const blueprint = theTenant(session, name);
  if (flags.json) context.print(`${JSON.stringify({ ok: true, exitCode: 0, blueprint }, null, 2)}\n`);
  else context.print(showText(blueprint, { color: context.color, width: context.width }));
  return EXIT_CODES.ok;
});
