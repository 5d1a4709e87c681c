/** Somebody else may take names that a gateway needs in /tmp. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy } from '../join.ts';

export const check = defineCheck({
  id: 'tmp.squat',
  title: 'Somebody else may take names that a gateway needs in /tmp',
  why: 'OpenClaw refuses to start while another user has one of these names; one mkdir stops a tenant.',
  fix: 'Use isolation os-user or higher: a /tmp of its own. Until then let tmpfiles.d(5) make the names for the right user.',
  how: 'Whether the gateway sees the host’s /tmp or that of another tenant; then whether each name belongs to its user. TMPDIR does not matter: the names are fixed.',
  source: 'openclaw 2026.9.6, seen by running it with a foreign /tmp/openclaw-state-locks-<uid>: every command fails',
  severity: { team: '-', clients: 'high', adversarial: 'critical' },
  needs: ['process', 'surroundings', 'host.machine'],
  phases: ['observed'],
  item: 'tmp',
  *judge({ tenants, hosts }) {
    const ofHost = new Map(hosts.map(({ host, machine }) => [host, machine.known ? machine.value.tmp : undefined]));
    const shared = new Set(
      sharedBy(tenants, ({ host, surroundings }) => {
        const tmp = surroundings.known ? surroundings.value?.tmp : undefined;
        return tmp === undefined ? [] : [{ key: `${host} ${tmp}`, where: tmp }];
      }).flatMap((group) => group.tenants),
    );
    for (const { tenant, host, process, surroundings } of tenants) {
      if (!process.known || process.value === null || !surroundings.known || surroundings.value === null) continue;
      const { tmp, takenNames } = surroundings.value;
      if (!shared.has(tenant) && tmp !== ofHost.get(host)) continue;
      const own = process.value.uid;
      const evidence = takenNames.flatMap(({ path, uid }) =>
        uid === own ? [] : [uid === null ? `${path} belongs to nobody yet` : `${path} belongs to uid ${uid}`],
      );
      if (evidence.length > 0) yield { tenants: [tenant], message: `names that ${tenant} needs in a common /tmp are not its own`, evidence };
    }
  },
});
