/** What a quarantine closed and what its end opened, for people. */
import { escapeForTerminal } from './escape.ts';

export interface QuarantinePage {
  readonly tenant: string;
  readonly evidence: string;
  readonly notSecured: readonly { readonly item: string; readonly why: string }[];
  readonly proof: readonly string[];
  readonly open: readonly string[];
  readonly holders: readonly string[];
}

export function quarantineText({ tenant, evidence, notSecured, proof, open, holders }: QuarantinePage): string {
  const name = escapeForTerminal(tenant);
  return lines([
    `${name} is in quarantine: no channels, no tools, no browser, no egress, a new gateway token. Every apply keeps it so.`,
    ...proof.map((sentence) => `  seen: ${escapeForTerminal(sentence)}`),
    ...open.map((sentence) => `! not shown: ${escapeForTerminal(sentence)}`),
    `  evidence: ${escapeForTerminal(evidence)}`,
    ...notSecured.map(({ item, why }) => `! not secured: ${escapeForTerminal(item)}: ${escapeForTerminal(why)}`),
    ...holders.map((holder) => `! ${escapeForTerminal(holder)} holds the old token: it is shut out`),
    `Its port on the host’s loopback stays, so that it can be asked and verified: nobody but you has its token.`,
    `Next: bulkhead revoke ${name}; then, when it is safe: bulkhead release ${name}`,
  ]);
}

export interface ReleasePage {
  readonly tenant: string;
  readonly since: string;
  readonly evidence: string;
  readonly channels: readonly string[];
  readonly holders: readonly string[];
}

export function releaseText({ tenant, since, evidence, channels, holders }: ReleasePage): string {
  const name = escapeForTerminal(tenant);
  const connected = channels.length === 0 ? 'it has no channels' : `its channels are switched on: ${channels.map(escapeForTerminal).join(', ')}`;
  return lines([
    `${name} is released, in quarantine since ${escapeForTerminal(since)}: built as the manifest says, with a new gateway token; ${connected}.`,
    ...holders.map((holder) => `! ${escapeForTerminal(holder)} needs the new token`),
    `  evidence stays in ${escapeForTerminal(evidence)}`,
    `Next: bulkhead verify`,
  ]);
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
