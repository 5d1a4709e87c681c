/** Two tenants load plugins, or take packages, from one directory that they may write. */
import { defineCheck } from '../../core/check.ts';
import type { TenantFacts } from '../../core/facts.ts';
import type { CodeRoot } from '../../core/os-facts.ts';
import { sharedCodeRoots } from '../code-roots.ts';
import { sharing } from '../join.ts';

export const check = defineCheck({
  id: 'plugin.cache-shared',
  title: 'Two tenants load plugins or packages from one directory that they may write',
  why: 'Plugins run inside the gateway: what one puts there, the other runs with its tokens.',
  fix: 'Give each tenant its own HOME, npm_config_cache and PLAYWRIGHT_BROWSERS_PATH, or a directory that only root writes.',
  how: 'Plugin directories below the state directory, plugins.load.paths, OPENCLAW_BUNDLED_PLUGINS_DIR, caches of npm and Playwright: compared by real path and inode; those that no tenant may write are left out.',
  source: 'openclaw 2026.9.6 docs/plugins/dependency-resolution.md, docs/help/environment.md',
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  needs: ['codeRoots'],
  phases: ['desired', 'observed'],
  item: 'code',
  *judge({ tenants }) {
    for (const group of sharedCodeRoots(tenants, (root, tenant) => root.kind !== 'skills' && mayBeWritten(root, tenant)))
      yield sharing(group, 'a directory of plugins or packages');
  },
});

/** Nothing is known of a directory before it is there: it counts. */
function mayBeWritten({ uid, gid, mode }: CodeRoot, { account, process }: TenantFacts): boolean {
  if (uid === undefined || gid === undefined || mode === undefined) return true;
  const running = process.known ? process.value : null;
  const own = running?.uid ?? (account.known ? account.value.uid : undefined);
  const groups = [
    ...(running === null ? [] : [running.gid, ...running.groups]),
    ...(account.known ? account.value.groups : []).map((one) => one.gid),
  ];
  if (own === undefined || own === 0 || own === uid) return true;
  return (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && groups.includes(gid));
}
