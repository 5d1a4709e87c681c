/** Makes facts of what the files of a host say about accounts. Pure: only `account-collector.ts` reads them. */
import { ROOT_GROUPS, type AccountFact, type Administrator, type Group, type HostAccounts, type ScheduleFact } from '../core/os-facts.ts';
import { idRangesIn } from '../core/subordinate-ids.ts';
import type { AccountCollected } from './account-collector.ts';

interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}
interface Member extends Group {
  readonly members: readonly string[];
}
/** One line of sudoers that lets somebody become root. */
export interface RootRule {
  /** `alice`, `%group`, `#1000`, `%#27` or `ALL`. */
  readonly who: string;
  readonly where: string;
}

export function hostAccounts(seen: AccountCollected): HostAccounts {
  const accounts = parsePasswd(seen.passwd);
  const groups = parseGroups(seen.group);
  const rules = rootRules(seen.sudoers);
  const named = new Map<string, Administrator>();
  const add = (name: string, how: string): unknown => (named.has(name) ? undefined : named.set(name, { name, how }));
  for (const { name, uid } of accounts) if (uid === 0) add(name, 'uid 0');
  for (const { name, members } of groups) if (ROOT_GROUPS.includes(name)) for (const member of members) add(member, `group ${name}`);
  for (const { who, where } of rules) for (const name of membersOf(who, accounts, groups)) add(name, where);
  return {
    administrators: [...named.values()].slice(0, 500),
    rootKeys: seen.rootKeys.map((key) => ({ kind: 'accepts', ...key })),
    commonLogin: seen.sshd.filter((line) => line.split(/\s+/).some((word) => word.startsWith('/') && !/%[uhU]/.test(word))),
  };
}

export function schedulesOf(seen: AccountCollected): readonly ScheduleFact[] {
  return seen.jobs.filter(({ mentions }) => mentions).map(({ where, selects }) => ({ where, selects }));
}

/** `name` tells accounts of one number apart. A number without an account has the groups of its process, `running`; undefined without either. */
export function accountOf(seen: AccountCollected, uid: number, name?: string, running?: readonly number[]): AccountFact | undefined {
  const same = parsePasswd(seen.passwd).filter((account) => account.uid === uid);
  const found = same.find((one) => one.name === name) ?? same[0];
  if (found === undefined && running === undefined) return undefined;
  const account = found?.name ?? `uid ${uid}`;
  const groups = parseGroups(seen.group);
  const own =
    found === undefined ? groupsOf(running ?? [], groups) : groups.filter(({ gid, members }) => gid === found.gid || members.includes(found.name));
  const names = new Set([account, `#${uid}`, 'ALL', ...own.flatMap((group) => [`%${group.name}`, `%#${group.gid}`])]);
  return {
    name: account,
    uid,
    groups: own.map((group) => ({ name: group.name, gid: group.gid })),
    rootRules: [
      ...rootRules(seen.sudoers)
        .filter(({ who }) => names.has(who))
        .map(({ where }) => where),
      ...polkitRules(seen.polkit, [account, ...own.map((group) => group.name)]),
    ],
    lingers: seen.lingering.includes(account),
    schedules: seen.jobs.filter((job) => job.user === account || job.uid === uid).map(({ where }) => where),
    ...(seen.subordinate === undefined ? {} : { subordinate: seen.subordinate.flatMap((file) => rangesOf(file, [account, String(uid)])) }),
  };
}

function rangesOf(
  { path, text }: { readonly path: string; readonly text: string },
  holders: readonly string[],
): NonNullable<AccountFact['subordinate']> {
  const kind = path.endsWith('gid') ? ('groups' as const) : ('users' as const);
  const own = idRangesIn(text).filter(({ holder }) => holders.includes(holder));
  return own.map(({ first, count, line }) => ({ kind, first, count, where: `${path}:${line}` }));
}

function groupsOf(gids: readonly number[], groups: readonly Member[]): readonly Group[] {
  return [...new Set(gids)].map((gid) => groups.find((group) => group.gid === gid) ?? { name: `gid ${gid}`, gid });
}

function parsePasswd(text: string): readonly Account[] {
  const found = new Map<string, Account>();
  for (const line of text.split('\n')) {
    const [name = '', , uid = '', gid = ''] = line.split(':');
    if (/^\d+$/.test(uid) && /^\d+$/.test(gid)) found.set(`${name}:${uid}`, { name, uid: Number(uid), gid: Number(gid) });
  }
  return [...found.values()];
}

/** A group that files and the name service both have has the members of both. */
function parseGroups(text: string): readonly Member[] {
  const found = new Map<string, Member>();
  for (const line of text.split('\n')) {
    const [name = '', , gid = '', list = ''] = line.split(':');
    if (!/^\d+$/.test(gid)) continue;
    const members = [...(found.get(`${name}:${gid}`)?.members ?? []), ...list.split(',').map((member) => member.trim())];
    found.set(`${name}:${gid}`, { name, gid: Number(gid), members: [...new Set(members.filter((member) => member !== ''))] });
  }
  return [...found.values()];
}

/** Lines by which somebody may run something as root. Aliases are followed once; what cannot be read as a rule is passed over. */
export function rootRules(files: AccountCollected['sudoers']): readonly RootRule[] {
  const lines = files.flatMap(({ path, text }) => logicalLines(path, text));
  const aliases = new Map<string, readonly string[]>();
  for (const { text } of lines) {
    const [, name, list] = /^User_Alias\s+([A-Z][A-Z0-9_]*)\s*=\s*(.+)$/.exec(text) ?? [];
    if (name !== undefined && list !== undefined) aliases.set(name, words(list));
  }
  return lines.flatMap(({ text, where }) => {
    if (/^(?:Defaults|(?:User|Runas|Host|Cmnd|Cmd)_Alias\b|[@#]include)/.test(text)) return [];
    const [, who, runAs] = /^([^=]+?)\s+[^\s=]+\s*=\s*(?:\(([^)]*)\))?/.exec(text) ?? [];
    if (who === undefined || !becomesRoot(runAs)) return [];
    const free = /\bNOPASSWD\s*:/.test(text) ? ' without a password' : '';
    return words(who).flatMap((word) => (aliases.get(word) ?? [word]).map((one) => ({ who: one.replace(/\\/g, ''), where: `${where}${free}` })));
  });
}

function logicalLines(path: string, text: string): readonly { readonly text: string; readonly where: string }[] {
  const found: { text: string; where: string }[] = [];
  let open = '';
  for (const [at, line] of text.split('\n').entries()) {
    const whole = `${open}${line}`;
    open = whole.endsWith('\\') ? whole.slice(0, -1) : '';
    if (open !== '') continue;
    // `#` begins a comment unless a number follows it: sudoers(5).
    const plain = whole.replace(/(^|\s)#(?!\d|include).*$/, '').trim();
    if (plain !== '') found.push({ text: plain, where: `${path}:${at + 1}` });
  }
  return found;
}

function words(list: string): readonly string[] {
  return list.split(',').map((word) => word.trim().replace(/^"(.*)"$/, '$1'));
}

/** Without a list of users it is root: sudoers(5). */
function becomesRoot(runAs: string | undefined): boolean {
  const users = words((runAs ?? 'root').split(':')[0] ?? '');
  return users.some((user) => ['root', 'ALL', '#0', ''].includes(user) || /^[A-Z][A-Z0-9_]*$/.test(user));
}

function membersOf(who: string, accounts: readonly Account[], groups: readonly Member[]): readonly string[] {
  if (!who.startsWith('%')) {
    const uid = /^#(\d+)$/.exec(who)?.[1];
    return uid === undefined ? [who] : accounts.filter((account) => account.uid === Number(uid)).map(({ name }) => name);
  }
  const group = groups.filter(({ name, gid }) => who === `%${name}` || who === `%#${gid}`);
  return group.flatMap(({ gid, members }) => [...members, ...accounts.filter((account) => account.gid === gid).map(({ name }) => name)]);
}

/** Files of rules that say yes and name the account or one of its groups. They are programs: read as text, not run. */
function polkitRules(files: AccountCollected['polkit'], names: readonly string[]): readonly string[] {
  return files
    .filter(({ text }) => /\bResult\.YES\b/.test(text) && names.some((name) => text.includes(`"${name}"`) || text.includes(`'${name}'`)))
    .map(({ path }) => path);
}
