/** Leaks of secrets, accounts and identities. */
import { randomBytes } from 'node:crypto';
import type { Leak } from './leak.ts';
import { all, row, variables } from './plant.ts';

const random = (): string => randomBytes(20).toString('hex');
/** A token of a Telegram bot; what stands before the colon is the bot. */
const telegram = (bot: string): string => `${bot}:AA${randomBytes(16).toString('hex')}Q`;
/** A token of a Discord bot; its first part is the application, in base 64. */
const discord = (application: string): string =>
  `${Buffer.from(application).toString('base64').replace(/=+$/, '')}.Gh${random().slice(0, 4)}.${random()}`;

export const identities: readonly Leak[] = [
  {
    pain: 'two gateways on one Telegram bot',
    id: 'channel.telegram-bot-shared',
    also: ['secret.plaintext', 'secret.value-shared'],
    plant: (here) => variables(here, () => `TELEGRAM_BOT_TOKEN=${telegram('7001234567')}\n`),
  },
  {
    pain: 'two gateways on one Slack app, each with a token of its own',
    id: 'channel.slack-app-shared',
    also: ['secret.plaintext'],
    plant: (here) =>
      variables(
        here,
        (tenant) => `SLACK_APP_TOKEN=xapp-1-A0SAMEAPP-${tenant.length}-${random()}\nSLACK_BOT_TOKEN=xoxb-${tenant.length}-${random()}\n`,
      ),
  },
  {
    pain: 'two gateways on one Discord application',
    id: 'channel.discord-app-shared',
    also: ['secret.plaintext'],
    plant: (here) => variables(here, () => `DISCORD_BOT_TOKEN=${discord('112233445566778899')}\n`),
  },
  {
    pain: 'one model key for two clients',
    id: 'model.credential-shared',
    also: ['secret.plaintext', 'secret.value-shared'],
    plant: (here) => {
      const key = `sk-${random()}`;
      return variables(here, () => `OPENAI_API_KEY=${key}\n`);
    },
  },
  {
    pain: 'one secret under two names',
    id: 'secret.value-shared',
    also: ['secret.plaintext', 'model.credential-shared'],
    plant: (here) => {
      const key = random();
      return variables(here, (tenant) => `${tenant.toUpperCase()}_WEBHOOK_SECRET=${key}\n`);
    },
  },
  {
    pain: 'a secret in plain text in the state directory',
    id: 'secret.plaintext',
    lesser: true,
    plant: (here) => variables(here, () => `OPENAI_API_KEY=sk-${random()}\n`),
  },
  {
    pain: 'one phone is a node of two gateways',
    id: 'node.paired-to-both',
    plant: async (here) =>
      all([
        await row(here.path('acme', 'state/state/openclaw.sqlite'), 'device_pairing_paired', paired()),
        await row(here.path('globex', 'state/state/openclaw.sqlite'), 'device_pairing_paired', paired()),
      ]),
  },
  {
    pain: 'one Open WebUI key for two customers',
    id: 'api.openwebui-key-shared',
    manifest: (text) =>
      text.replaceAll('    egress: none\n', '    apiClients: [{ name: webui, kind: open-webui, key: { env: WEBUI_KEY } }]\n    egress: none\n'),
  },
  {
    pain: 'a named risk that has run out',
    id: 'doc.risk-unnamed',
    also: ['host.admins'],
    manifest: (text) => text.replaceAll('2099-01-01', '2020-01-01'),
  },
  {
    pain: 'backups of two clients in one folder',
    id: 'backup.dest-shared',
    manifest: (text) => text.replaceAll('    egress: none\n', '    backup: { to: /var/backups/openclaw }\n    egress: none\n'),
  },
];

function paired(): Readonly<Record<string, string | number>> {
  const now = Date.now();
  return { device_id: 'd0'.repeat(32), public_key: random(), role: 'node', created_at_ms: now, approved_at_ms: now };
}
