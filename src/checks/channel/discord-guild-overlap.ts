/** Two tenants serve one Discord server. */
import { defineCheck } from '../../core/check.ts';
import { ACCOUNT_CHECK, sharedIdentities } from '../channels.ts';

export const check = defineCheck({
  ...ACCOUNT_CHECK,
  id: 'channel.discord-guild-overlap',
  title: 'Two tenants serve one Discord server',
  why: 'Members see both bots, and each bot reads what is written to the other where both may read.',
  fix: 'Say so to both, or keep their servers apart.',
  how: 'Ids below channels.discord.guilds are compared.',
  source: 'openclaw 2026.9.6 docs/channels/discord.md (guilds)',
  severity: { team: 'info', clients: 'warn', adversarial: 'high' },
  *judge(facts) {
    yield* sharedIdentities(facts, { channels: ['discord'], kind: 'place' }, 'one Discord server');
  },
});
