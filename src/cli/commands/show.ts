/** `bulkhead show TENANT`: nothing that isolates is inherited silently; here is all of it. */
import { printJson } from '../../report/escape.ts';
import type { Blueprint } from '../../core/blueprint.ts';
import { EXIT_CODES } from '../../core/error.ts';
import { derivedPorts } from '../../openclaw/ports.ts';
import { showText, type DerivedPort } from '../../report/show-text.ts';
import { action } from '../action.ts';
import type { CommonFlags } from '../flags.ts';
import { openSession, theTenant } from '../session.ts';

export const show = action(async (context, flags: CommonFlags, name: string) => {
  const session = await openSession(context, flags);
  const blueprint = theTenant(session, name);
  if (flags.json) context.print(`${printJson({ ok: true, exitCode: 0, blueprint })}\n`);
  else context.print(showText(blueprint, derivedList(blueprint), { color: context.color, width: context.width }));
  return EXIT_CODES.ok;
});

/** Inside the boundary, next to the gateway's own port. */
function derivedList({ gatewayPort }: Blueprint): readonly DerivedPort[] {
  const { gateway, browserControl, relays, debugging } = derivedPorts(gatewayPort);
  return [
    { name: 'gateway', first: gateway, last: gateway },
    { name: 'browser control', first: browserControl, last: browserControl },
    { name: 'browser extension relays', ...relays },
    { name: 'browser debugging', ...debugging },
  ];
}
