/** A-T6: the attacker's real agent is made to write in the name of the victim. */
import type { AttemptOutcome } from '../../core/probe.ts';
import type { Attempted } from '../actions.ts';
import { defineProbe, type Side, type Step } from '../define.ts';
import { eitherWay, judgeEitherWay, MESSAGE_REFUSED, turnOf, withoutScript } from '../turn.ts';

export const probe = defineProbe({
  id: 'agent.message',
  attack: 'A-T6',
  title: 'A steered agent writes in the name of another tenant',
  does: 'The scripted model tells the attacker’s agent to send a message by the Telegram account that is called like the victim, with its message tool, as a dry run.',
  safe: 'A dry run prepares the message and sends nothing, nor asks Telegram anything (openclaw 2026.9.6; seen at a server of ours). Only for Telegram, where that was seen.',
  decoy:
    'The same dry run by the attacker’s own account must be prepared; where the tool does not exist, or leaves no conversation, both turns must say so.',
  fix: 'Give every tenant its own Gateway with its own channel accounts: whoever steers one agent of a Gateway may name each of its accounts.',
  expected: [],
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  item: 'channel-credentials',
  vantage: 'inside',
  notApplicable: (attacker) =>
    withoutScript(attacker) ??
    (attacker.channels.includes('telegram')
      ? undefined
      : `${attacker.tenant} has no Telegram account, and of other channels it is not known that a dry run sends nothing`),
  attempts: (attacker, victim) => [write(attacker, victim.tenant)],
  positive: (self) => [write(self)],
  positiveBy: 'attacker',
  negative: (self) => [write(self)],
  judge,
});

function write(attacker: Side, accountId?: string): Step {
  const args = {
    action: 'send',
    channel: 'telegram',
    target: '1',
    message: 'bulkhead probe',
    dryRun: true,
    ...(accountId === undefined ? {} : { accountId }),
  };
  return { label: `agent writes by the account ${accountId ?? 'of its own'}`, action: turnOf(attacker, eitherWay('message', args)) };
}

function judge(step: Step, attempted: Attempted): AttemptOutcome {
  if (attempted.ok && /"dryRun": true/.test(attempted.got)) return { outcome: 'breached', detail: `${step.label}: it would be sent` };
  return judgeEitherWay(step, attempted, (answer) => {
    if (/Unknown account/.test(answer)) return 'its gateway has no account of that name';
    return answer.includes('Cross-context messaging denied') ? MESSAGE_REFUSED : undefined;
  });
}
