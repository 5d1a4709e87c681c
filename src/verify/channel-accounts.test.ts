import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from '../checks/judge.ts';
import { observedFacts as clean } from '../checks/testing/clean-facts.ts';
import { known, type Facts } from '../core/facts.ts';
import type { ChannelIdentity } from '../core/secret-facts.ts';
import { accountRows, factsToJudge, sharedAccounts, type AccountSources } from './channel-accounts.ts';

const withIdentities = (facts: Facts, of: Readonly<Record<string, readonly ChannelIdentity[]>>): Facts => ({
  ...facts,
  tenants: facts.tenants.map((tenant) => ({ ...tenant, identities: known(of[tenant.tenant] ?? [], 'test') })),
});
const bot = (account: string | undefined, location: string): ChannelIdentity => ({
  channel: 'telegram',
  location,
  reference: location,
  ...(account === undefined ? {} : { account }),
});

function sources(
  of: Partial<AccountSources> & { readonly acme?: readonly ChannelIdentity[]; readonly globex?: readonly ChannelIdentity[] },
): AccountSources {
  const { acme = [], globex = [], ...rest } = of;
  return {
    desired: withIdentities(clean(), { acme, globex }),
    online: [],
    secretPlaces: new Set(['env:A', 'env:B', 'file:/s/acme/channel-telegram']),
    ...rest,
  };
}
const rows = (given: AccountSources): readonly string[] =>
  accountRows(given).map(({ tenant, channel, account, knownBy }) => `${tenant} ${channel} ${account ?? '?'} ${knownBy.join('+')}`);
const shared = (given: AccountSources): readonly string[] => sharedAccounts(judge(factsToJudge(given))).map(({ id }) => id);

test('one account is one row, with every way in which it is known', () => {
  const given = sources({
    acme: [bot('7', 'manifest:channels.telegram.bot'), bot('7', 'env:A')],
    observed: withIdentities(clean(), { acme: [bot(undefined, 'file:/s/acme/channel-telegram'), bot('7', 'file:/s/acme/channel-telegram')] }),
    online: [{ tenant: 'acme', channel: 'telegram', accounts: ['7'], server: 'https://t.example' }],
  });
  assert.deepEqual(rows(given), ['acme telegram 7 declared+token+online']);
  assert.deepEqual(accountRows(given)[0]?.locations, [
    'manifest:channels.telegram.bot',
    'env:A',
    'file:/s/acme/channel-telegram',
    'online:https://t.example',
  ]);
});

test('what a gateway keeps itself is a login, what a config says is its word, and a secret nobody could read is a row of its own', () => {
  const whatsapp = {
    channel: 'whatsapp',
    account: 'number 49',
    location: 'file:/t/acme/state/credentials/whatsapp/default/creds.json',
    reference: '',
  };
  const irc = { channel: 'irc', account: 'acme on irc.example', location: 'config:channels.irc.nick', reference: '' };
  const given = sources({ acme: [irc], observed: withIdentities(clean(), { acme: [whatsapp, irc], globex: [bot(undefined, 'env:B')] }) });
  assert.deepEqual(rows(given), ['acme irc acme on irc.example config', 'acme whatsapp number 49 login', 'globex telegram ? token']);
});

test('two tenants with one account are found, whichever way each is known', () => {
  const online = (tenant: string) => ({ tenant, channel: 'telegram', accounts: ['7'], server: 'https://t.example' });
  assert.deepEqual(shared(sources({ acme: [bot('7', 'env:A')], globex: [bot('8', 'env:B')] })), []);
  assert.deepEqual(shared(sources({ acme: [bot('7', 'env:A')], globex: [bot('7', 'env:B')] })), ['channel.telegram-bot-shared']);
  assert.deepEqual(shared(sources({ acme: [bot('7', 'env:A')], online: [online('globex')] })), ['channel.telegram-bot-shared']);
  assert.deepEqual(shared(sources({ online: [online('acme'), online('globex')] })), ['channel.telegram-bot-shared']);
  assert.deepEqual(shared(sources({ acme: [bot(undefined, 'env:A')], globex: [bot(undefined, 'env:A')] })), ['channel.telegram-bot-shared']);
});

test('a workspace in which two apps meet is no shared account', () => {
  const place = { channel: 'slack', kind: 'place' as const, account: 'workspace 1', location: 'env:A', reference: '' };
  assert.deepEqual(shared(sources({ acme: [place], globex: [place] })), []);
});
