/** Two tenants share a browser profile. */
import { defineCheck, type Violation } from '../../core/check.ts';
import { known, type Facts, type TenantFacts } from '../../core/facts.ts';
import { crossing, crossings, sharedBy, sharedPaths, sharing, type Holding } from '../join.ts';

export const check = defineCheck({
  id: 'browser.userdata-shared',
  title: 'Two tenants share a browser profile',
  why: 'The agent of one tenant acts with sessions the other has logged in.',
  fix: 'Give each tenant its own browser user data directory, below its own state directory.',
  how: 'User data directories, managed ones and those the config names, are compared by real path, inode and mount, nested ones too; so are their locks.',
  source: 'openclaw 2026.9.6 docs/tools/browser/existing-session.md (userDataDir), dist (chrome launch)',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['paths'],
  phases: ['desired', 'observed'],
  item: 'browser-profile',
  *judge(facts) {
    for (const group of sharedPaths(facts, 'browser')) yield sharing(group, 'one browser profile');
    if (facts.tenants.some((tenant) => directoriesOf(tenant).length > 0)) yield* withNamed(facts);
    const locks = sharedBy(facts.tenants, locksOf);
    for (const group of locks) yield sharing(group, 'one running browser');
  },
});

function* withNamed({ tenants, ...rest }: Facts): Iterable<Violation> {
  const facts = { ...rest, tenants: tenants.map((tenant) => ({ ...tenant, paths: known(directoriesOf(tenant), 'browser profiles') })) };
  for (const group of sharedPaths(facts, 'browser')) yield sharing(group, 'one browser profile');
  for (const one of crossings(facts, ({ real }) => real)) if (one.inner.path.real !== one.outer.path.real) yield crossing(one, 'lies inside');
}

function directoriesOf({ browserProfiles }: TenantFacts): readonly Parameters<typeof crossing>[0]['inner']['path'][] {
  return browserProfiles.known ? browserProfiles.value.map(({ directory }) => directory) : [];
}

/** A lock names a machine and a process, by its number in the process namespace of the browser. */
function locksOf({ host, browserProfiles, process }: TenantFacts): readonly Holding[] {
  const namespace = process.known ? (process.value?.namespaces['pid'] ?? '') : '';
  return (browserProfiles.known ? browserProfiles.value : []).flatMap(({ lock, directory }) =>
    lock === undefined ? [] : [{ key: `${host} ${namespace} ${lock}`, where: `${directory.declared}/SingletonLock names ${lock}` }],
  );
}
