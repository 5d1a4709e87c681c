/** Somebody else may put code into a tenant's compile cache. */
import { defineCheck } from '../../core/check.ts';
import { pathsOf, sharedPaths, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'tmp.compile-cache-shared',
  title: 'Two tenants share a compile cache',
  why: 'Whoever can write it decides what code the other runs.',
  fix: 'Give each tenant its own NODE_COMPILE_CACHE, mode 0700.',
  how: 'Real path, inode and mount of each compile cache; an owner other than the tenant’s user or root, and write permission for group or others.',
  source: 'openclaw 2026.9.6 launcher (openclaw.mjs): without NODE_COMPILE_CACHE a fixed name in the directory for temporary files',
  severity: { team: 'info', clients: 'high', adversarial: 'critical' },
  needs: ['paths'],
  phases: ['desired', 'observed'],
  item: 'tmp',
  *judge(facts) {
    for (const group of sharedPaths(facts, 'compile-cache')) yield sharing(group, 'one compile cache');
    for (const tenant of facts.tenants) {
      const own = tenant.user.known ? tenant.user.value.uid : undefined;
      const evidence = pathsOf(tenant, 'compile-cache').flatMap(({ real, uid, mode }) => [
        ...(mode !== undefined && (mode & 0o022) !== 0 ? [`${real} has mode ${mode.toString(8)}`] : []),
        ...(uid !== undefined && own !== undefined && uid !== own && uid !== 0 ? [`${real} belongs to uid ${uid}`] : []),
      ]);
      if (evidence.length > 0) yield { tenants: [tenant.tenant], message: `others may write the compile cache of ${tenant.tenant}`, evidence };
    }
  },
});
