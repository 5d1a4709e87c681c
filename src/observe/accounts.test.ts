import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountCollected } from './account-collector.ts';
import { accountOf, hostAccounts, rootRules, schedulesOf } from './accounts.ts';

const SEEN: AccountCollected = {
  passwd:
    'root:x:0:0::/root:/bin/sh\ntoor:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/sh\nbh-acme:x:12001:12001::/t:/usr/sbin/nologin\n',
  group: 'root:x:0:\nsudo:x:27:alice\ndocker:x:105:\nbh-acme:x:12001:\n\ndocker:x:105:bh-acme,ldap-user\n',
  sudoers: [],
  polkit: [],
  sshd: [],
  rootKeys: [],
  lingering: ['bh-acme'],
  jobs: [
    { where: '/var/spool/cron/crontabs/bh-acme:3', user: 'bh-acme', mentions: false, selects: false },
    { where: '/var/spool/cron/atjobs/a1', uid: 12001, mentions: false, selects: false },
    { where: '/etc/cron.d/x:1', user: 'root', mentions: true, selects: false },
  ],
  closed: [],
};
const sudoers = (text: string): Partial<AccountCollected> => ({ sudoers: [{ path: '/etc/sudoers', text }] });

test('administrators are every uid 0, members of groups that are as good as root, and rules of sudo', () => {
  const { administrators } = hostAccounts({
    ...SEEN,
    ...sudoers('%ops ALL=(ALL) ALL\nbob ALL=(root) NOPASSWD: /bin/x\n'),
    group: `${SEEN.group}ops:x:50:carol\n`,
  });
  assert.deepEqual(
    administrators.map(({ name, how }) => `${name}: ${how}`),
    [
      'root: uid 0',
      'toor: uid 0',
      'alice: group sudo',
      'bh-acme: group docker',
      'ldap-user: group docker',
      'carol: /etc/sudoers:1',
      'bob: /etc/sudoers:2 without a password',
    ],
  );
});

test('an account has the groups of files and of the name service, its clock and whether it lingers', () => {
  const account = accountOf(SEEN, 12001, 'bh-acme');
  assert.deepEqual(account?.groups, [
    { name: 'docker', gid: 105 },
    { name: 'bh-acme', gid: 12001 },
  ]);
  assert.deepEqual(
    [account.lingers, account.schedules, account.rootRules],
    [true, ['/var/spool/cron/crontabs/bh-acme:3', '/var/spool/cron/atjobs/a1'], []],
  );
  assert.equal(accountOf(SEEN, 4242), undefined);
});

test('a number without an account has the groups of its process, by name where they have one', () => {
  const account = accountOf(SEEN, 4242, undefined, [4242, 105, 105]);
  assert.deepEqual(account, {
    name: 'uid 4242',
    uid: 4242,
    groups: [
      { name: 'gid 4242', gid: 4242 },
      { name: 'docker', gid: 105 },
    ],
    rootRules: [],
    lingers: false,
    schedules: [],
  });
});

for (const [title, text, whom] of [
  ['a name', 'bh-acme ALL=(ALL:ALL) NOPASSWD: ALL', ['bh-acme']],
  ['a number, which is no comment', '#12001 ALL=(root) /bin/x', ['#12001']],
  ['a line that goes on', 'bh-acme \\\n ALL = (root) \\\n NOPASSWD: ALL', ['bh-acme']],
  ['an alias', 'User_Alias BOTS = bh-acme, bh-globex\nBOTS ALL=(ALL) ALL', ['bh-acme', 'bh-globex']],
  ['no list of users, which is root', 'bh-acme ALL=/bin/x', ['bh-acme']],
  ['another user than root', 'bh-acme ALL=(www-data) ALL', []],
  ['a comment', '# bh-acme ALL=(ALL) ALL', []],
  ['a default', 'Defaults:bh-acme !authenticate', []],
] as const) {
  test(`a rule of sudo with ${title}`, () => {
    assert.deepEqual(
      rootRules([{ path: '/etc/sudoers', text }]).map(({ who }) => who),
      whom,
    );
  });
}

test('a rule for its number, its group or everybody is a rule for the account; so is a file of polkit that says yes', () => {
  const rules = (seen: Partial<AccountCollected>): readonly string[] => accountOf({ ...SEEN, ...seen }, 12001)?.rootRules ?? [];
  for (const who of ['bh-acme', '#12001', '%bh-acme', '%docker', '%#105', 'ALL']) assert.equal(rules(sudoers(`${who} ALL=(ALL) ALL`)).length, 1, who);
  assert.deepEqual(rules(sudoers('%sudo ALL=(ALL) ALL')), []);
  const polkit = (text: string): Partial<AccountCollected> => ({ polkit: [{ path: '/etc/polkit-1/rules.d/x.rules', text }] });
  assert.equal(rules(polkit('if (subject.user == "bh-acme") return polkit.Result.YES;')).length, 1);
  assert.deepEqual(rules(polkit('if (subject.user == "bh-acme") return polkit.Result.NO;')), []);
});

test('one file of keys for all accounts is told, one with the name in it is not; jobs are told without their text', () => {
  const seen = hostAccounts({
    ...SEEN,
    sshd: ['AuthorizedKeysFile /etc/ssh/keys/%u .ssh/authorized_keys', 'AuthorizedPrincipalsFile /etc/ssh/principals'],
  });
  assert.deepEqual(seen.commonLogin, ['AuthorizedPrincipalsFile /etc/ssh/principals']);
  assert.deepEqual(schedulesOf(SEEN), [{ where: '/etc/cron.d/x:1', selects: false }]);
});
