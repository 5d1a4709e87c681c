/** The security audit did not run where the gateway runs. */
import { defineCheck } from '../../core/check.ts';
import { namespacesInside } from '../../core/own-kernel.ts';

export const check = defineCheck({
  id: 'audit.not-inside',
  title: 'The security audit did not run where the gateway runs',
  why: 'An audit of another config, as another user or in another namespace says nothing about this tenant.',
  fix: 'Run: bulkhead verify; if it stays, restart the gateway with: bulkhead apply.',
  how: 'User, namespaces and config path that the audit recorded are compared with those of the gateway’s process and of the blueprint.',
  source: 'openclaw 2026.9.6 docs/cli/security.md; namespaces(7)',
  severity: { team: 'warn', clients: 'high', adversarial: 'high' },
  needs: ['audit', 'process'],
  phases: ['observed'],
  item: 'audit',
  *judge(facts) {
    for (const { tenant, declared, audit, process } of facts.tenants) {
      if (!audit.known || !process.known || process.value === null) continue;
      const { ranAs } = audit.value;
      const { uid } = process.value;
      const namespaces = namespacesInside(process.value);
      const evidence = ['mnt', 'net', 'pid']
        .filter((name) => ranAs.namespaces[name] !== namespaces[name])
        .map((name) => `${name} namespace ${ranAs.namespaces[name] ?? 'not told'}, gateway ${namespaces[name] ?? 'not told'}`);
      if (ranAs.uid !== uid) evidence.push(`uid ${ranAs.uid}, gateway ${uid}`);
      if (ranAs.configPath !== declared.configPath) evidence.push(`config ${ranAs.configPath}, declared ${declared.configPath}`);
      if (evidence.length > 0) yield { tenants: [tenant], message: `the audit of ${tenant} ran elsewhere than its gateway`, evidence };
    }
  },
});
