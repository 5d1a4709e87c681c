/** One SSH key opens the accounts of two tenants, or of root. */
import { defineCheck } from '../../core/check.ts';
import type { HostFacts } from '../../core/facts.ts';
import type { HostId } from '../../core/words.ts';
import { sharedBy, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'os.login-shell-sharing',
  title: 'One SSH key opens the accounts of two tenants',
  why: 'Whoever holds it is both of them; a shell that refuses a login still forwards ports.',
  fix: 'Give each account keys of its own, or none; name %u or %h in AuthorizedKeysFile and AuthorizedPrincipalsFile.',
  how: 'Fingerprints in authorized_keys of each account (read as the tenant) and of the public halves of keys it holds, compared with each other and with what root lets in on every machine of the fleet; settings of sshd by which one file serves several accounts.',
  source: 'sshd_config(5), authorized_keys in sshd(8)',
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  needs: ['loginKeys'],
  phases: ['observed'],
  item: 'os-user',
  *judge({ tenants, hosts }) {
    const keys = sharedBy(tenants, ({ loginKeys }) =>
      (loginKeys.known ? loginKeys.value : []).map(({ kind, fingerprint, location }) => ({
        key: fingerprint,
        where: `${kind === 'accepts' ? 'lets in' : 'holds'} ${fingerprint} (${location})`,
      })),
    );
    for (const group of keys) yield sharing(group, 'an SSH key');
    const accounts = new Map(hosts.map(({ host, accounts: seen }) => [host, seen.known ? seen.value : undefined]));
    const common = sharedBy(tenants, ({ host, rung }) =>
      rung === 'profile'
        ? []
        : (accounts.get(host)?.commonLogin ?? []).map((line) => ({ key: `${host} ${line}`, where: `sshd of ${host}: ${line}` })),
    );
    for (const group of common) yield sharing(group, 'one file that lets people in by SSH');
    const root = rootDoors(hosts);
    for (const { tenant, host, loginKeys } of tenants) {
      const opened = (loginKeys.known ? loginKeys.value : []).flatMap(({ kind, fingerprint, location }) =>
        kind === 'holds' ? (root.get(fingerprint) ?? []).map((door) => ({ ...door, held: location })) : [],
      );
      for (const [where, doors] of Map.groupBy(opened, (door) => door.host))
        yield {
          tenants: [tenant],
          message: `${tenant} holds a key that opens root${where === host ? '' : ` of ${where}`}`,
          evidence: doors.map(({ held, location }) => `${held} is let in by ${where === host ? '' : `${where}:`}${location}`),
        };
    }
  },
});

interface Door {
  readonly host: HostId;
  readonly location: string;
}

/** Fingerprint → where root lets its holder in, on whichever machine. */
function rootDoors(hosts: readonly HostFacts[]): ReadonlyMap<string, readonly Door[]> {
  const doors = new Map<string, Door[]>();
  for (const { host, accounts } of hosts) {
    for (const { fingerprint, location } of accounts.known ? accounts.value.rootKeys : []) {
      const of = doors.get(fingerprint);
      if (of === undefined) doors.set(fingerprint, [{ host, location }]);
      else of.push({ host, location });
    }
  }
  return doors;
}
