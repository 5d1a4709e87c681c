/**
 * Where a credential is killed that only its provider can kill: the name of the page and what to press there, for people. Written down from what is known of
 * the providers, not tried; a page may have been renamed since.
 */
import type { ChannelProvider } from './channels/provider.ts';

const OWN_SERVER = 'on its own server: change the password or delete the account there';

export const REVOKE_PAGES: Readonly<Record<ChannelProvider['channel'], string>> = {
  buzz: OWN_SERVER,
  clickclack: OWN_SERVER,
  discord: 'Discord Developer Portal → Applications → the app → Bot → Reset Token',
  feishu: 'Feishu or Lark Open Platform → the app → Credentials & Basic Info → reset App Secret',
  googlechat: 'Google Cloud console → IAM & Admin → Service Accounts → Keys → delete the key',
  imap: 'the mail provider → app passwords → revoke; or change the password of the mailbox',
  imessage: 'the Mac that is signed in: Messages → Settings → iMessage → Sign Out; account.apple.com → Devices → remove it',
  irc: 'the network’s NickServ: SET PASSWORD; an operator of the server can end the session with KILL',
  line: 'LINE Developers Console → the channel → Messaging API → Channel access token → Reissue; Basic settings → Channel secret → Reissue',
  matrix: 'the home server: sign out the session (Settings → Sessions), or reset the password with “sign out all devices”',
  mattermost: 'System Console → Integrations → Bot Accounts → the bot → Access Tokens → Delete',
  msteams: 'Microsoft Entra admin center → App registrations → the app → Certificates & secrets → delete the secret',
  'nextcloud-talk': 'the Nextcloud server: occ talk:bot:uninstall, then install it anew with a new secret',
  nostr: 'no one can: a key of Nostr stays valid for ever; announce a new key to whoever follows the old one',
  qqbot: 'QQ Open Platform → the bot → Development Settings → reset AppSecret',
  reef: OWN_SERVER,
  signal: 'the phone with the number: Settings → Linked devices → unlink; or register the number anew',
  slack:
    'api.slack.com/apps → the app → OAuth & Permissions → Revoke tokens; Basic Information → App-Level Tokens → Revoke, Signing Secret → Regenerate',
  sms: 'Twilio Console → Account → API keys & tokens → promote a secondary Auth Token, which ends the primary one',
  'synology-chat': 'Synology Chat → Integration → Bots → the bot → regenerate the token',
  telegram: '@BotFather → /revoke → choose the bot',
  tlon: 'the ship: +code %reset in its dojo gives it a new access code',
  twitch: 'Twitch → Settings → Connections → Disconnect the app; dev.twitch.tv/console → the app → New Secret',
  whatsapp: 'the phone with the number: WhatsApp → Linked devices → Log out',
  zalo: 'Zalo Bot Platform → the bot → reset the token',
};

/** For a channel that is not known here too. */
export function revokePage(channel: string): string {
  return Object.hasOwn(REVOKE_PAGES, channel)
    ? (REVOKE_PAGES[channel] ?? OWN_SERVER)
    : `the console of ${channel}: the page where its tokens are made`;
}

const KEY_PAGES: Readonly<Record<string, string>> = {
  anthropic: 'console.anthropic.com → Settings → API keys → the key → Delete',
  openai: 'platform.openai.com → Settings → API keys → the key → Revoke',
  google: 'aistudio.google.com → API keys → the key → Delete; or Google Cloud console → APIs & Services → Credentials',
  openrouter: 'openrouter.ai → Settings → Keys → the key → Delete',
  mistral: 'console.mistral.ai → API Keys → the key → Delete',
  groq: 'console.groq.com → API Keys → the key → Delete',
  xai: 'console.x.ai → API Keys → the key → Delete',
  deepseek: 'platform.deepseek.com → API keys → the key → Delete',
  'amazon-bedrock': 'AWS console → IAM → the user → Security credentials → Access keys → Deactivate',
};

export function keyPage(provider: string): string {
  return Object.hasOwn(KEY_PAGES, provider) ? (KEY_PAGES[provider] ?? '') : `the console of ${provider}: the page where its keys are made`;
}
