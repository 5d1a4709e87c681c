/** Two tenants use one Telegram bot. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'channel.telegram-bot-shared',
  title: 'Two tenants use one Telegram bot',
  why: 'Messages to one can be answered by the other, each message reaches only one of them, and revoking one revokes both.',
  fix: 'Make a bot of its own for each tenant with @BotFather.',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['identities'],
  phases: ['desired', 'observed'],
  item: 'channel-credentials',
  *judge(facts) {
    const bots = sharedBy(facts.tenants, ({ identities }) =>
      (identities.known ? identities.value : [])
        .filter(({ channel }) => channel === 'telegram')
        .flatMap(({ account, reference, location }) => [
          { key: `reference ${reference}`, where: reference },
          ...(account === undefined ? [] : [{ key: `bot ${account}`, where: `bot ${account} (${location})` }]),
        ]),
    );
    for (const group of bots) yield sharing(group, 'one Telegram bot');
  },
});
