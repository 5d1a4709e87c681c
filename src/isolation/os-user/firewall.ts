/**
 * One nftables table for all tenants of an instance; a tenant is set elements in a file of its own. Loading replaces the whole
 * table in one transaction, so it is repeatable, and there is no moment without rules.
 */
import type { Blueprint, Layout } from '../../core/blueprint.ts';
import type { Command } from '../../core/command.ts';
import { addressesOf, POOL_NETWORK, userOf } from './names.ts';
import { needsUplink } from './network.ts';
import type { OsUserObserved } from './observer.ts';
import { CHECK_FIREWALL, GIVE_BACK_UPLINKS, LOAD_FIREWALL } from './programs.ts';
import { directory } from './tree.ts';

/** Private, shared, link-local (with cloud metadata), benchmark, multicast and reserved; Azure's metadata host is a public address. */
const INSIDE = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
];

const UPLINKS_DIR = '/run/bulkhead/.uplinks';

export function firewallFiles(
  blueprint: Blueprint,
  layout: Layout,
): {
  readonly dir: string;
  readonly tenants: string;
  readonly table: string;
  readonly tenant: string;
  readonly record: string;
  /** Shared by all instances of a host, which share its uplinks; one file each. */
  readonly uplinksDir: string;
  readonly uplinks: string;
} {
  const dir = firewallDir(layout);
  const tenants = `${dir}/tenants`;
  return {
    dir,
    tenants,
    table: `${dir}/table.nft`,
    tenant: `${tenants}/${userOf(blueprint).name}.nft`,
    record: `${dir}/loaded`,
    uplinksDir: UPLINKS_DIR,
    uplinks: `${UPLINKS_DIR}/${layout.instance}`,
  };
}

/**
 * The table without tenants. A refusal is "administratively prohibited" (EHOSTUNREACH), distinct from "nothing listens". Toward other tenants and
 * their links it is a reset (ECONNREFUSED) where there is one: the kernel sends a tenant some six of the others, then one a second, too few for an
 * attack on a whole fleet.
 */
export function tableText(layout: Layout, observed: OsUserObserved): string {
  const table = layout.instance;
  const uplinks = observed.uplinks.map(({ name }) => `"${name}"`);
  const inside = [...INSIDE, ...observed.neighbours.filter((network) => !isPrivate(network))];
  return `table inet ${table}
delete table inet ${table}
table inet ${table} {
  set tenants { type ifname; }
  set open { type ifname; }
  set source { type ifname . ipv4_addr; }
  set own { type ifname . ipv4_addr; }
  set allow { type ifname . ipv4_addr . inet_proto . inet_service; }
  set operators { type inet_service . uid; }
  set published { type inet_service; }
  set uplinks { type ifname; ${uplinks.length === 0 ? '' : `elements = { ${uplinks.join(', ')} }; `}}
  set inside { type ipv4_addr; flags interval; auto-merge; elements = { ${inside.join(', ')} }; }
  chain raw { type filter hook prerouting priority -300; policy accept;
    iifname @tenants meta nfproto ipv6 counter drop
    iifname @tenants iifname . ip saddr != @source counter drop
  }
  chain input { type filter hook input priority -10; policy accept;
    iifname != @tenants accept
    ct state established,related accept
    iifname . ip daddr . meta l4proto . th dport @allow accept
    iifname . ip daddr != @own ip daddr ${POOL_NETWORK} meta l4proto tcp counter reject with tcp reset
    counter reject with icmpx admin-prohibited
  }
  chain forward { type filter hook forward priority -10; policy accept;
    oifname @tenants ct state established,related accept
    oifname @tenants meta l4proto tcp counter reject with tcp reset
    oifname @tenants counter reject with icmpx admin-prohibited
    iifname @tenants jump egress
    ${observed.uplinkNotes[layout.instance] ? `iifname @uplinks ip daddr != ${POOL_NETWORK} counter drop` : 'iifname @uplinks oifname @tenants counter drop'}
  }
  chain egress {
    ct state established,related accept
    iifname . ip daddr . meta l4proto . th dport @allow accept
    ip daddr @inside counter reject with icmpx admin-prohibited
    iifname @open oifname @uplinks accept
    counter reject with icmpx admin-prohibited
  }
  chain output { type filter hook output priority -10; policy accept;
    oifname "lo" ip daddr 127.0.0.0/8 tcp dport @published tcp dport . meta skuid != @operators counter reject with tcp reset
    oifname @tenants ct state established,related accept
    oifname @tenants meta skuid != 0 counter reject with icmpx admin-prohibited
    oifname @tenants meta nfproto ipv6 counter drop
  }
  chain postrouting { type nat hook postrouting priority srcnat; policy accept;
    ip saddr ${POOL_NETWORK} oifname != "lo" oifname != @tenants masquerade
  }
}
include "./tenants/*.nft"
`;
}

/** What one tenant adds to the table. */
export function tenantText(blueprint: Blueprint, layout: Layout, observed: OsUserObserved): string {
  const { link } = userOf(blueprint);
  const { host, inside } = addressesOf(observed);
  const allowed = blueprint.allow.map(({ address, protocol, port }) => `"${link}" . ${address === 'host' ? host : address} . ${protocol} . ${port}`);
  const resolvers = blueprint.sealed === true ? [] : observed.resolvers;
  const dns = resolvers.flatMap((address) => ['udp', 'tcp'].map((protocol) => `"${link}" . ${address} . ${protocol} . 53`));
  const elements: readonly (readonly [string, readonly string[]])[] = [
    ['tenants', [`"${link}"`]],
    ['source', [`"${link}" . ${inside}`]],
    ['own', [`"${link}" . ${host}`]],
    ['published', [String(blueprint.publishedPort)]],
    ['operators', [`${blueprint.publishedPort} . 0`]],
    ['open', blueprint.egress === 'open' ? [`"${link}"`] : []],
    ['allow', [...new Set([...allowed, ...dns])]],
  ];
  const lines = elements.flatMap(([set, values]) =>
    values.length === 0 ? [] : [`add element inet ${layout.instance} ${set} { ${values.join(', ')} }\n`],
  );
  return lines.join('');
}

export function convergeFirewall(blueprint: Blueprint, layout: Layout, observed: OsUserObserved): readonly Command[] {
  const files = firewallFiles(blueprint, layout);
  const commands: Command[] = [...convergeUplinks(blueprint, layout, observed)];
  const table = tableText(layout, withNote(blueprint, layout, observed));
  const tenant = tenantText(blueprint, layout, observed);
  const { listing } = observed.firewall;
  const written = observed.files[files.table] === table && observed.files[files.tenant] === tenant;
  if (written && listing !== null && observed.files[files.record] === listing) return commands;
  if (observed.entries[files.tenants]?.mode !== 0o700) commands.push(directory(files.dir, 0o700), directory(files.tenants, 0o700));
  // The record goes first: whatever is interrupted from here on is seen as not loaded.
  commands.push({ title: 'forget what the firewall held', argv: ['rm', '-f', '--', files.record] });
  if (observed.files[files.table] !== table) commands.push({ title: 'write the table of all tenants', argv: ['tee', files.table], stdin: table });
  if (observed.files[files.tenant] !== tenant)
    commands.push({ title: `write the rules of ${blueprint.tenant}`, argv: ['tee', files.tenant], stdin: tenant });
  commands.push(loadFirewall(layout));
  return commands;
}

/** Whether the kernel holds the table as it was loaded, with this tenant's link in it. */
export function isFirewallLoaded(observed: OsUserObserved): boolean {
  return observed.link !== null && isRecordedTable(observed);
}

/** The same where somebody else makes the link, and takes it away between two runs. */
export function isRecordedTable({ files, firewall, user }: OsUserObserved): boolean {
  const record = Object.entries(files).find(([path]) => path.endsWith('/firewall/loaded'))?.[1] ?? null;
  const tenant = Object.entries(files).find(([path]) => /\/firewall\/tenants\/[^/]+\.nft$/.test(path))?.[1] ?? null;
  return user !== null && tenant !== null && firewall.listing !== null && firewall.listing === record;
}

/** Uplinks that forward because of this instance, and because of others. */
function notes(layout: Layout, observed: OsUserObserved): { readonly own: readonly string[]; readonly others: readonly string[] } {
  const lines = (text: string): readonly string[] => text.split('\n').filter((name) => name !== '');
  const others = Object.entries(observed.uplinkNotes).filter(([instance]) => instance !== layout.instance);
  return { own: lines(observed.uplinkNotes[layout.instance] ?? ''), others: others.flatMap(([, text]) => lines(text)) };
}

/** The note of this instance once the plan has run: what it switches on, and what another instance had switched on before it. */
function wantedNote(blueprint: Blueprint, layout: Layout, observed: OsUserObserved): string {
  const { own, others } = notes(layout, observed);
  const needed = needsUplink(blueprint, observed)
    ? observed.uplinks.filter(({ name, forwarding }) => forwarding === '0' || others.includes(name))
    : [];
  return [...new Set([...own, ...needed.map(({ name }) => name)])]
    .toSorted()
    .map((name) => `${name}\n`)
    .join('');
}

function withNote(blueprint: Blueprint, layout: Layout, observed: OsUserObserved): OsUserObserved {
  return { ...observed, uplinkNotes: { ...observed.uplinkNotes, [layout.instance]: wantedNote(blueprint, layout, observed) } };
}

/**
 * Notes which uplinks did not forward before it lets them, so that the last one to go gives the host back as it was. Under the lock of who gives them
 * back: another instance, of another operator, may go at the same moment.
 */
export function convergeUplinks(blueprint: Blueprint, layout: Layout, observed: OsUserObserved): readonly Command[] {
  const { uplinksDir, uplinks } = firewallFiles(blueprint, layout);
  const wanted = wantedNote(blueprint, layout, observed);
  if (wanted === (observed.uplinkNotes[layout.instance] ?? '')) return [];
  return [directory(uplinksDir, 0o700), { title: 'note which uplinks did not forward', argv: ['flock', uplinksDir, 'tee', uplinks], stdin: wanted }];
}

/**
 * After the table is loaded: it drops whatever else an uplink would now let through. Also where one forwards that is noted only now: who switched it on
 * may have gone before the note was there.
 */
export function convergeForwarding(blueprint: Blueprint, layout: Layout, observed: OsUserObserved): readonly Command[] {
  if (!needsUplink(blueprint, observed)) return [];
  const { own } = notes(layout, observed);
  const noted = new Set(wantedNote(blueprint, layout, observed).split('\n'));
  return observed.uplinks
    .filter(({ name, forwarding }) => forwarding === '0' || (noted.has(name) && !own.includes(name)))
    .map(({ name }) => ({
      title: `set forwarding = 1 on uplink ${name}`,
      argv: ['tee', `/proc/sys/net/ipv4/conf/${name}/forwarding`],
      stdin: '1\n',
    }));
}

export function removeFromFirewall(blueprint: Blueprint, layout: Layout, observed: OsUserObserved): readonly Command[] {
  const files = firewallFiles(blueprint, layout);
  const others = observed.firewall.tenants.filter((name) => name !== userOf(blueprint).name);
  if (others.length === 0) return removeTable(blueprint, layout, observed);
  if (!observed.firewall.tenants.includes(userOf(blueprint).name)) return [];
  return [
    { title: 'forget what the firewall held', argv: ['rm', '-f', '--', files.record] },
    { title: `drop the rules of ${blueprint.tenant}`, argv: ['rm', '-f', '--', files.tenant] },
    loadFirewall(layout),
  ];
}

/** The last tenant is gone: no table, and the uplinks as they were. */
function removeTable(blueprint: Blueprint, layout: Layout, observed: OsUserObserved): readonly Command[] {
  const files = firewallFiles(blueprint, layout);
  const commands: Command[] = [];
  if (observed.uplinkNotes[layout.instance] !== undefined) {
    const argv = ['perl', '-e', GIVE_BACK_UPLINKS, files.uplinksDir, layout.instance] as const;
    commands.push({ title: 'give back the uplinks that did not forward', argv });
  }
  if (observed.firewall.listing !== null)
    commands.push({ title: `delete the table inet ${layout.instance}`, argv: ['nft', 'delete', 'table', 'inet', layout.instance] });
  if ((observed.entries[files.dir] ?? null) !== null)
    commands.push({ title: `delete ${files.dir}`, argv: ['rm', '-rf', '--one-file-system', '--', files.dir] });
  return commands;
}

/** On disk: a table that was loaded before a reboot can be loaded again after it, for all tenants at once. */
function firewallDir(layout: Layout): string {
  return `${layout.stateDir}/firewall`;
}

function loadArgv(layout: Layout): readonly [string, ...string[]] {
  return ['perl', '-e', LOAD_FIREWALL, firewallDir(layout), layout.instance];
}

export function loadFirewall(layout: Layout): Command {
  return { title: `load the table inet ${layout.instance}`, argv: loadArgv(layout) };
}

/** For the supervisor: notices a flushed or changed table, and loads it again. */
export function firewallGuard(layout: Layout): { readonly check: readonly [string, ...string[]]; readonly restore: readonly [string, ...string[]] } {
  return { check: ['perl', '-e', CHECK_FIREWALL, firewallDir(layout), layout.instance], restore: loadArgv(layout) };
}

/** Whether a connected network lies in what is refused anyway; only others need an element of their own. */
function isPrivate(network: string): boolean {
  const [first = 0, second = 0] = network.split('.').map(Number);
  return (
    first === 10 ||
    (first === 192 && second === 168) ||
    (first === 172 && second >= 16 && second < 32) ||
    (first === 169 && second === 254) ||
    (first === 100 && second >= 64 && second < 128)
  );
}
