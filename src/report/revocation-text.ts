/** A revocation for people: what Bulkhead kills, and the checklist of what only others can. */
import type { GatewayIdentities, IdentitiesSeen } from '../openclaw/gateway-identities.ts';
import { isMain } from '../openclaw/gateway-identities.ts';
import { escapeForTerminal } from './escape.ts';
import type { Revocation } from './revocation.ts';

export interface RevocationPage extends Revocation {
  readonly gateway?: IdentitiesSeen;
  readonly gatewayUnseen?: string;
  /** Absent: nothing was to be killed. */
  readonly tokenRotated?: boolean;
}

/** Whether nothing is left that could be ended. A main session is begun anew and stays. */
export function isEnded({ left, refused }: IdentitiesSeen): boolean {
  if (left === undefined || refused.length > 0) return false;
  return left.devices.length + left.nodes.length + left.waiting.length === 0 && left.sessions.every(isMain);
}

export function revocationText(page: RevocationPage, { ended }: { readonly ended: boolean }): string {
  const tenant = escapeForTerminal(page.tenant);
  const lines = [
    ended ? `Ended by Bulkhead, of ${tenant}:` : `Bulkhead can end these of ${tenant} itself (bulkhead revoke ${tenant} --yes):`,
    tokenLine(page),
    ...(page.gateway === undefined
      ? [`! its devices, nodes and sessions were not seen: ${escapeForTerminal(page.gatewayUnseen ?? 'it was not asked')}`]
      : ownLines(page.gateway.found)),
    ...(page.gateway?.refused ?? []).map((one) => `! the gateway refused ${escapeForTerminal(one)}`),
    ...(ended && page.gateway !== undefined
      ? [isEnded(page.gateway) ? '  seen: nothing of it is left' : '! not all of it has ended; run the same command again']
      : []),
    '',
    `Only its provider can end these of ${tenant}:`,
    ...(page.atProviders.length === 0
      ? ['  none']
      : page.atProviders.flatMap(({ provider, account, location, page: where }) => [
          `  [ ] ${escapeForTerminal(`${provider}: ${account ?? 'account not told by its secret'} (${location})`)}`,
          `      ${escapeForTerminal(where)}`,
        ])),
    ...(page.clients.length === 0 ? [] : ['', 'These hold its gateway token, and need the new one:']),
    ...page.clients.map(({ name, kind, withUsers }) => `  [ ] ${escapeForTerminal(`${name} (${kind})`)}${withUsers ? ', and its end users' : ''}`),
    ...page.unseen.map((one) => `! not looked at: ${escapeForTerminal(one)}`),
  ];
  return `${lines.join('\n')}\n`;
}

function tokenLine({ tenant, tokenRotated }: RevocationPage): string {
  if (tokenRotated === undefined) return '  gateway token';
  return tokenRotated
    ? '  gateway token: replaced, the old one is proven dead'
    : `! gateway token: not replaced; run: bulkhead rotate ${escapeForTerminal(tenant)} gateway-token`;
}

function ownLines({ devices, nodes, waiting, sessions }: GatewayIdentities): readonly string[] {
  return [
    ...devices.map(({ id, name }) => `  paired device ${escapeForTerminal(`${name} ${id}`.trim())}`),
    ...nodes
      .filter(({ id }) => !devices.some((device) => device.id === id))
      .map(({ id, name }) => `  node ${escapeForTerminal(`${name} ${id}`.trim())}`),
    ...waiting.map(({ id, kind }) => `  request of a ${kind} that waits: ${escapeForTerminal(id)}`),
    ...sessions.map((key) => `  session ${escapeForTerminal(key)}`),
  ];
}
