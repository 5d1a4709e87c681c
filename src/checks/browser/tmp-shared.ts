/** Browsers of two tenants share a temporary directory. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'browser.tmp-shared',
  title: 'Browsers of two tenants share a temporary directory',
  why: 'Downloads, uploads and crash reports of both lie in /tmp/openclaw, whatever their state directory or TMPDIR: each may send out files of the other.',
  fix: 'Use isolation os-user: an OS user and a /tmp of its own.',
  how: 'Browsers that are on, of one OS user, in one mount namespace.',
  source: 'openclaw 2026.9.6 dist (temporary directory); /tmp/openclaw/downloads and .chromium were seen to be common (measured)',
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  needs: ['settings', 'user'],
  phases: ['desired', 'observed'],
  item: 'tmp',
  *judge(facts) {
    const shared = sharedBy(facts.tenants, ({ host, rung, user, process, settings }) => {
      if (!settings.known || !settings.value.browser.enabled.value || !user.known) return [];
      const running = process.known ? process.value?.namespaces['mnt'] : undefined;
      const mounts = running ?? (rung === 'profile' ? 'host' : undefined);
      const owner = user.value.uid ?? user.value.name;
      return mounts === undefined ? [] : [{ key: `${host} ${mounts} ${owner}`, where: `/tmp/openclaw of ${user.value.name}` }];
    });
    for (const group of shared) yield sharing(group, 'a temporary directory of browsers');
  },
});
