/** Two tenants keep their sandboxes in one directory. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharedPaths, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'sandbox.root-shared',
  title: 'Two tenants keep their sandboxes in one directory',
  why: 'Copies of workspaces lie there side by side, and the commands of one run where those of the other do.',
  fix: 'Give each tenant its own sandbox root; on a machine reached by SSH its own target account.',
  how: 'Explicit sandbox roots by real path, device and inode; and pairs of SSH target and root, where /tmp/openclaw-sandboxes is the default.',
  source: 'openclaw 2026.9.6 docs/gateway/sandboxing.md; `openclaw config schema` (agents.*.sandbox.workspaceRoot, .ssh)',
  severity: { team: 'warn', clients: 'critical', adversarial: 'critical' },
  needs: ['paths', 'settings'],
  phases: ['desired', 'observed'],
  item: 'sandbox',
  *judge(facts) {
    for (const group of sharedPaths(facts, 'sandbox')) yield sharing(group, 'one sandbox root');
    const remote = sharedBy(facts.tenants, ({ settings }) =>
      settings.known ? settings.value.places.remoteSandboxes.map(({ value, from }) => ({ key: value, where: `${from}: ${value}` })) : [],
    );
    for (const group of remote) yield sharing(group, 'one sandbox root on another machine');
  },
});
