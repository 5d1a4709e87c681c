/** A tenant may change the program that others run. */
import { defineCheck } from '../../core/check.ts';
import type { TenantId } from '../../core/words.ts';
import { accountsOf, shownPlace, writersOf } from '../access.ts';
import { names } from '../join.ts';

export const check = defineCheck({
  id: 'install.shared-writable',
  title: 'A tenant may change the program that others run',
  why: 'Whoever writes OpenClaw, Node or a directory on the way to them runs code as every tenant of the host.',
  fix: 'Make root the owner, and take write permission off for group and others: chmod -R go-w, from / down.',
  how: 'Owner and mode of the package, Node, every directory above them and every directory of PATH, and of files in the package that are not like the rest, against each tenant’s account and groups. On the rung profile tenants are whoever runs Bulkhead: what that user owns is not reported.',
  source: 'openclaw 2026.9.6 docs/gateway/security/index.md; path_resolution(7)',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['install', 'account'],
  phases: ['observed'],
  item: 'install',
  *judge({ tenants }) {
    const accounts = accountsOf(tenants.filter(({ rung }) => rung !== 'profile'));
    const users = new Map<string, [TenantId, ...TenantId[]]>();
    for (const { tenant, host, install } of tenants) {
      for (const { path } of install.known ? install.value : []) {
        const before = users.get(`${host} ${path}`);
        if (before === undefined) users.set(`${host} ${path}`, [tenant]);
        else if (before.at(-1) !== tenant) before.push(tenant);
      }
    }
    for (const { tenant, host, install } of tenants) {
      for (const place of install.known ? install.value : []) {
        const key = `${host} ${place.path}`;
        const using = users.get(key);
        // Once a place: the first who uses it speaks for all.
        if (using === undefined || using[0] !== tenant) continue;
        users.delete(key);
        const writers = writersOf(accounts, host, place);
        // A directory of a tenant's own PATH is its own affair.
        if (writers !== 'everyone' && writers.every((writer) => using.length === 1 && writer === tenant)) continue;
        const who = writers === 'everyone' ? 'every account' : names(writers);
        yield { tenants: using, message: `${who} may change what ${names(using)} run`, evidence: [shownPlace(place)] };
      }
    }
  },
});
