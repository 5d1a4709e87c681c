/** Leaks by way of channel accounts, their webhooks and the people who may write to them. */
import { known } from '../../src/core/facts.ts';
import { declared } from './declared.ts';
import type { Mutation } from './mutation.ts';
import { seededTrees, type Seed } from './seeded-trees.ts';

const PLAIN = ['secret.plaintext'];
const PRIVATE_KEY = '67dea2ed018072d675f5415ecfaed7d2597555e202d85b3d65ea4e58d2d92ffa';

const channel = (name: string, settings: Readonly<Record<string, unknown>>): Seed => ({ config: { channels: { [name]: settings } } });
const both = (seed: Seed): ReturnType<typeof seededTrees> => seededTrees(seed, seed);
const telegramToken = (tail: string): string => `7001234567:AA${tail.repeat(33).slice(0, 33)}`;
const discordToken = (tail: string): string => `${Buffer.from('123456789012345678').toString('base64url')}.Gexamp.${tail.repeat(30)}`;
const serviceAccount = (id: string) => ({
  type: 'service_account',
  client_email: `bot-${id}@p-1.iam.example`,
  project_id: 'p-1',
  private_key: `key-${id}`,
});

function creds(device: string): string {
  return JSON.stringify({ me: { id: `491700000000:${device}@s.whatsapp.net` }, noiseKey: { public: { type: 'Buffer', data: `noise-${device}` } } });
}

export const channels: readonly Mutation[] = [
  {
    id: 'channel.telegram-bot-shared',
    disguise: 'one bot under two tokens',
    also: PLAIN,
    facts: () => seededTrees(channel('telegram', { botToken: telegramToken('a') }), channel('telegram', { botToken: telegramToken('b') })),
  },
  {
    id: 'channel.telegram-bot-shared',
    disguise: 'an account that is off, and a file with a line end',
    also: PLAIN,
    facts: () =>
      seededTrees(channel('telegram', { accounts: { old: { enabled: false, botToken: telegramToken('a') } } }), {
        ...channel('telegram', { tokenFile: 'ROOT/globex/bot' }),
        files: { bot: `${telegramToken('b')}\n` },
      }),
  },
  {
    id: 'channel.telegram-bot-shared',
    disguise: 'a variable of the process, and a reference',
    also: [...PLAIN, 'env.leaked-inherit'],
    facts: () =>
      seededTrees(
        { variables: { TELEGRAM_BOT_TOKEN: telegramToken('a') } },
        {
          ...channel('telegram', { botToken: { source: 'env', provider: 'default', id: 'BOT' } }),
          files: { 'state/.env': `BOT=${telegramToken('b')}` },
        },
      ),
  },
  {
    id: 'channel.telegram-bot-shared',
    disguise: 'declared, by its token',
    facts: () =>
      declared('channels: { telegram: { botToken: { env: A } } }', 'channels: { telegram: { botToken: { env: B } } }', {
        A: telegramToken('a'),
        B: ` ${telegramToken('b')}\n`,
      }),
  },
  {
    id: 'channel.slack-app-shared',
    disguise: 'two app-level tokens',
    also: PLAIN,
    facts: () =>
      seededTrees(
        channel('slack', { appToken: 'xapp-1-A0EXAMPLE-111-aaaa' }),
        channel('slack', { accounts: { x: { appToken: 'xapp-1-A0EXAMPLE-222-bbbb' } } }),
      ),
  },
  {
    id: 'channel.slack-app-shared',
    disguise: 'one bot under two tokens',
    also: [...PLAIN, 'channel.slack-workspace-shared'],
    facts: () => seededTrees(channel('slack', { botToken: 'xoxb-1111-2222-aaaa' }), channel('slack', { botToken: 'xoxb-1111-2222-bbbb' })),
  },
  {
    id: 'channel.slack-app-shared',
    disguise: 'one signing secret',
    also: PLAIN,
    facts: () => both(channel('slack', { mode: 'http', signingSecret: 'example-signing-secret' })),
  },
  {
    id: 'channel.slack-app-shared',
    disguise: 'in the manifest',
    also: PLAIN,
    facts: () =>
      declared(
        'config: { channels: { slack: { appToken: "xapp-1-A0EXAMPLE-1-aa" } } }',
        'config: { channels: { slack: { appToken: "xapp-1-A0EXAMPLE-2-bb" } } }',
      ),
  },
  {
    id: 'channel.slack-workspace-shared',
    disguise: 'two apps',
    also: PLAIN,
    facts: () => seededTrees(channel('slack', { botToken: 'xoxb-1111-2222-aaaa' }), channel('slack', { botToken: 'xoxb-1111-3333-bbbb' })),
  },
  {
    id: 'channel.discord-app-shared',
    disguise: 'a token, and the id',
    also: PLAIN,
    facts: () => seededTrees(channel('discord', { token: discordToken('a') }), channel('discord', { applicationId: '123456789012345678' })),
  },
  {
    id: 'channel.discord-app-shared',
    disguise: 'the variable of the default account',
    also: [...PLAIN, 'env.leaked-inherit'],
    facts: () => seededTrees({ variables: { DISCORD_BOT_TOKEN: discordToken('a') } }, channel('discord', { token: `Bot ${discordToken('b')}` })),
  },
  {
    id: 'channel.discord-guild-overlap',
    disguise: 'one of two',
    facts: () =>
      seededTrees(channel('discord', { guilds: { '1': {}, '2': {} } }), channel('discord', { accounts: { x: { guilds: { '2': {}, '*': {} } } } })),
  },
  {
    id: 'channel.whatsapp-account-shared',
    disguise: 'two devices of one number',
    facts: () =>
      seededTrees(
        { ...channel('whatsapp', { enabled: true }), files: { 'state/credentials/whatsapp/default/creds.json': creds('1') } },
        { ...channel('whatsapp', { accounts: { desk: { authDir: 'ROOT/globex/wa' } } }), files: { 'wa/creds.json': creds('2') } },
      ),
  },
  {
    id: 'channel.whatsapp-authdir-shared',
    disguise: 'through a symlink',
    facts: () => both({ ...channel('whatsapp', { enabled: true }), links: { 'state/credentials/whatsapp/default': 'wa' } }),
  },
  {
    id: 'channel.whatsapp-authdir-shared',
    disguise: 'tilde and absolute',
    also: ['config.cross-reference'],
    facts: () =>
      seededTrees(
        channel('whatsapp', { accounts: { a: { authDir: '~/wa' } } }),
        channel('whatsapp', { accounts: { a: { authDir: 'ROOT/acme/home/../home/wa/' } } }),
      ),
  },
  {
    id: 'channel.signal-account-shared',
    disguise: 'a number with blanks',
    facts: () => seededTrees(channel('signal', { account: '+49170000000' }), channel('signal', { account: '+49 170 000 000' })),
  },
  {
    id: 'channel.signal-account-shared',
    disguise: 'one directory of signal-cli',
    facts: () =>
      seededTrees(
        channel('signal', { account: '+1', transport: { configPath: '/srv/signal' } }),
        channel('signal', { account: '+2', transport: { configPath: '/srv/./signal/' } }),
      ),
  },
  {
    id: 'channel.imessage-host-shared',
    disguise: 'one Mac',
    facts: () => seededTrees(channel('imessage', { remoteHost: 'ops@mac.example' }), channel('imessage', { remoteHost: 'ops@MAC.example' })),
  },
  {
    id: 'channel.matrix-user-shared',
    disguise: 'a full id, and a local part',
    facts: () =>
      seededTrees(
        channel('matrix', { homeserver: 'https://m.example', userId: '@bot:m.example' }),
        channel('matrix', { homeserver: 'm.example/', userId: 'bot' }),
      ),
  },
  {
    id: 'channel.matrix-user-shared',
    disguise: 'by two access tokens',
    also: PLAIN,
    facts: () => {
      const user = (tail: string): Seed =>
        channel('matrix', { homeserver: 'https://m.example', accessToken: `syt_${Buffer.from('bot').toString('base64url')}_abcdef_${tail}` });
      return seededTrees(user('01'), user('02'));
    },
  },
  {
    id: 'channel.msteams-app-shared',
    disguise: 'upper and lower case, variable and config',
    facts: () => seededTrees({ variables: { MSTEAMS_APP_ID: 'ABC-1' } }, channel('msteams', { appId: 'abc-1' })),
  },
  {
    id: 'channel.googlechat-app-shared',
    disguise: 'two service accounts of one project, inline and in a file',
    also: PLAIN,
    facts: () =>
      seededTrees(channel('googlechat', { serviceAccount: serviceAccount('1') }), {
        ...channel('googlechat', { serviceAccountFile: 'ROOT/globex/key.json' }),
        files: { 'key.json': JSON.stringify(serviceAccount('2')) },
      }),
  },
  {
    id: 'channel.other-identity-shared',
    disguise: 'a nick in two cases',
    facts: () => seededTrees(channel('irc', { host: 'irc.example', nick: 'Bot' }), channel('irc', { host: 'IRC.example.', nick: 'bot' })),
  },
  {
    id: 'channel.other-identity-shared',
    disguise: 'one Nostr key, two channels of it',
    also: PLAIN,
    facts: () => both(channel('nostr', { privateKey: PRIVATE_KEY })),
  },
  {
    id: 'channel.other-identity-shared',
    disguise: 'one credential of LINE, in a file and inline',
    also: PLAIN,
    facts: () =>
      seededTrees(
        { ...channel('line', { secretFile: 'ROOT/acme/line' }), files: { line: 'example-line-channel-secret\n' } },
        channel('line', { channelSecret: 'example-line-channel-secret' }),
      ),
  },
  {
    id: 'channel.other-identity-shared',
    disguise: 'one number for messages',
    facts: () => seededTrees(channel('sms', { fromNumber: '+15551234567' }), { variables: { TWILIO_PHONE_NUMBER: '+1 555 123 4567' } }),
  },
  {
    id: 'channel.other-identity-shared',
    disguise: 'in the manifest',
    facts: () =>
      declared('config: { channels: { feishu: { appId: cli_a } } }', 'config: { channels: { feishu: { accounts: { x: { appId: CLI_A } } } } }'),
  },
  {
    id: 'channel.webhook-path-collision',
    disguise: 'one public address, with a trailing slash',
    facts: () =>
      seededTrees(
        channel('telegram', { webhookUrl: 'https://bots.example/hook' }),
        channel('zalo', { webhookUrl: 'https://BOTS.example:443/hook/' }),
      ),
  },
  {
    id: 'channel.webhook-path-collision',
    disguise: 'the default port, in one namespace',
    also: ['api.ratelimit-loopback', 'port.base-equal', 'port.fixed-service'],
    facts: () =>
      seededTrees(
        channel('telegram', { webhookUrl: 'https://a.example/' }),
        channel('telegram', { webhookUrl: 'https://b.example/', webhookPort: 8787 }),
        ({ ports }) => ({
          ports: ports.known ? known({ ...ports.value, namespace: 'host' }, 'test') : ports,
        }),
      ),
  },
  {
    id: 'channel.allowlist-overlap',
    disguise: 'with and without its prefix',
    facts: () => seededTrees(channel('telegram', { allowFrom: ['tg:4242'] }), channel('telegram', { accounts: { x: { allowFrom: [4242] } } })),
  },
  {
    id: 'channel.allowlist-overlap',
    disguise: 'allowed by one, paired with the other',
    facts: () =>
      seededTrees(channel('telegram', { allowFrom: ['4242'] }), {
        databases: {
          'state/state/openclaw.sqlite': [
            'CREATE TABLE channel_pairing_allow_entries (channel_key TEXT, account_id TEXT, entry TEXT, sort_order INTEGER, updated_at INTEGER)',
            "INSERT INTO channel_pairing_allow_entries VALUES ('telegram', 'default', '4242', 0, 0)",
          ],
        },
      }),
  },
  { id: 'channel.allowlist-overlap', disguise: 'one group', facts: () => both(channel('telegram', { groups: { '-1001': {}, '*': {} } })) },
  {
    id: 'channel.shared-mailbox-calendar',
    disguise: 'in two cases',
    facts: () =>
      seededTrees({ config: { hooks: { gmail: { account: 'Desk@a.example' } } } }, { config: { hooks: { gmail: { account: 'desk@a.example' } } } }),
  },
  {
    id: 'channel.shared-mailbox-calendar',
    disguise: 'one password of two mailboxes',
    also: [...PLAIN, 'policy.plugins-open'],
    facts: () => {
      const mail = (user: string): Seed => ({
        config: { plugins: { entries: { imap: { config: { accounts: { a: { host: 'imap.example', user, password: 'example-password' } } } } } } },
      });
      return seededTrees(mail('a@a.example'), mail('b@a.example'));
    },
  },
];
