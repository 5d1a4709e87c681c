/** Leaks by way of logs, backups and what is sent outside. */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { known } from '../../src/core/facts.ts';
import { observedFacts, withConfigs, withPaths } from '../../src/checks/testing/clean-facts.ts';
import { wayTo } from '../../src/checks/testing/clean-os-facts.ts';
import { declaredHosts } from './declared-hosts.ts';
import type { Mutation } from './mutation.ts';
import { archive, places } from './on-disk.ts';

const KEY = `ssh-ed25519 ${Buffer.alloc(51, 7).toString('base64')}`;
const oneInode = withPaths((path) => (path.role === 'log' ? { ...path, identity: '1:888' } : path));
const inVarTmp = withPaths((path) => (path.role === 'log' ? { ...path, real: '/var/tmp/x.log' } : path));

export const logs: readonly Mutation[] = [
  { id: 'log.file-shared', disguise: 'a hard link', facts: () => observedFacts({}, { acme: oneInode, globex: oneInode }) },
  { id: 'log.default-tmp', disguise: 'in /var/tmp', facts: () => observedFacts({}, { acme: inVarTmp }) },
  {
    id: 'log.readable',
    disguise: 'for everybody',
    facts: () => observedFacts({}, { acme: () => ({ logs: known([wayTo('/srv/x.log', 1001, 0o604)], 'test') }) }),
  },
  {
    id: 'log.readable',
    disguise: 'by a group of the neighbour',
    facts: () => observedFacts({}, { acme: () => ({ logs: known([wayTo('/srv/x.log', 1001, 0o640, 1002)], 'test') }) }),
  },
  {
    id: 'log.sink-shared',
    disguise: 'declared in other spellings',
    facts: () =>
      declaredHosts({
        acme: '    config: { diagnostics: { otel: { enabled: true, endpoint: "https://Otel.test" } } }',
        globex: '    config: { diagnostics: { otel: { enabled: true, endpoint: "https://otel.test:443/v1/" } } }',
      }),
  },
  {
    id: 'log.sink-shared',
    disguise: 'one variable in both headers',
    facts: () =>
      withConfigs(
        { diagnostics: { otel: { enabled: true, endpoint: 'https://o.test', headers: { 'X-Key': '${KEY}' } } } },
        { diagnostics: { otel: { enabled: true, tracesEndpoint: 'https://o.test', headers: { 'x-key': '${KEY}' } } } },
      ),
  },
  {
    id: 'backup.dest-shared',
    disguise: 'declared with a slash at its end',
    facts: () => declaredHosts({ acme: '    backup: { to: /srv/backup }', globex: '    backup: { to: /srv/backup/ }' }),
  },
  {
    id: 'backup.captures-other',
    disguise: 'declared inside the neighbour',
    also: ['path.nested'],
    facts: () => declaredHosts({ acme: '    backup: { to: /var/lib/bulkhead/tenants/globex/workspace/backup }' }),
  },
  {
    id: 'backup.readable',
    disguise: 'open in an open directory',
    facts: () => places((root) => (archive(root, '/t/acme/state', 0o644), chmodSync(join(root, 'backup'), 0o755))),
  },
  { id: 'backup.restore-crossed', disguise: 'a real archive of the neighbour', facts: () => places((root) => archive(root, '/t/globex/state')) },
  {
    id: 'backup.key-shared',
    disguise: 'declared with other comments',
    facts: () =>
      declaredHosts({ acme: `    backup: { to: /b/a, recipient: "${KEY} a" }`, globex: `    backup: { to: /b/g, recipient: "${KEY} g" }` }),
  },
  {
    id: 'backup.all-tenant-snapshot',
    disguise: 'declared',
    facts: () => declaredHosts({ host: '    snapshots: [{ name: nightly, readers: [storage team] }]' }),
  },
  { id: 'telemetry.shared', disguise: 'on by default', facts: () => withConfigs({ update: { checkOnStart: true } }) },
];
