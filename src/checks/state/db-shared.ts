/** Two gateways write one database. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'state.db-shared',
  title: 'Two gateways use one database file',
  why: 'Sessions, transcripts and model logins in it are common to both, whatever the directories are called.',
  fix: 'Give each tenant its own state and agent directories, made new.',
  how: 'Device and inode of the state database, of every agent database, and of the -wal and -shm beside them.',
  source: 'openclaw 2026.9.6 docs/gateway/security/secrets-and-storage.md',
  severity: { team: 'critical', clients: 'critical', adversarial: 'critical' },
  needs: ['stores'],
  phases: ['observed'],
  item: 'state-directory',
  *judge(facts) {
    const files = sharedBy(facts.tenants, ({ host, stores }) =>
      stores.known ? stores.value.databases.map(({ path, identity }) => ({ space: host, key: identity, where: path })) : [],
    );
    for (const group of files) yield sharing(group, 'a database file');
  },
});
