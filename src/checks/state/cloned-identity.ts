/** One state is a copy of another. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'state.cloned-identity',
  title: 'Two states were made from one',
  why: 'A copied state has the device keys, paired devices and logins of its original: each gateway can act as the other.',
  fix: 'Onboard the copy anew in an empty state directory; never copy one tenant to make the next.',
  how: 'Device keys, paired devices with the time of pairing, and the keys that a state makes once, compared by keyed digest.',
  source: 'openclaw 2026.9.6 state/openclaw.sqlite (device_identities, device_pairing_paired, audit_identity_keys), config-journal-fingerprint.key',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['stores'],
  phases: ['observed'],
  item: 'state-directory',
  *judge(facts) {
    const marks = sharedBy(facts.tenants, ({ stores }) =>
      stores.known ? stores.value.marks.map(({ what, digest }) => ({ key: `${what} ${digest}`, where: what })) : [],
    );
    for (const group of marks) yield sharing(group, 'what is made once for each state');
  },
});
