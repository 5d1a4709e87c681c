/** One SSH key opens the accounts of two tenants, or of root. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'os.login-shell-sharing',
  title: 'One SSH key opens the accounts of two tenants',
  why: 'Whoever holds it is both of them; a shell that refuses a login still forwards ports.',
  fix: 'Give each account keys of its own, or none; name %u or %h in AuthorizedKeysFile and AuthorizedPrincipalsFile.',
  how: 'Fingerprints in authorized_keys of each account (read as the tenant) and of the public halves of keys it holds, compared with each other and with what root lets in; settings of sshd by which one file serves several accounts.',
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
    for (const { tenant, host, loginKeys } of tenants) {
      const root = new Map(accounts.get(host)?.rootKeys.map(({ fingerprint, location }) => [fingerprint, location]));
      const held = (loginKeys.known ? loginKeys.value : []).filter(({ kind, fingerprint }) => kind === 'holds' && root.has(fingerprint));
      if (held.length > 0)
        yield {
          tenants: [tenant],
          message: `${tenant} holds a key that opens root`,
          evidence: held.map(({ fingerprint, location }) => `${location} is let in by ${root.get(fingerprint)}`),
        };
    }
  },
});
