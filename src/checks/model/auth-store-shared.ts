/** Two tenants share an agent directory. */
import { defineCheck } from '../../core/check.ts';
import { sharedPaths, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'model.auth-store-shared',
  title: 'Two tenants share an agent directory',
  why: 'It holds transcripts and the logins of model providers in plain text.',
  fix: 'Give each tenant its own agent directory below its own state directory.',
  how: 'Real paths, objects and mounts of the agent directories are compared.',
  source: 'openclaw 2026.9.6 docs/concepts/oauth.md (Storage)',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['paths'],
  phases: ['desired', 'observed'],
  item: 'model-credentials',
  *judge(facts) {
    for (const group of sharedPaths(facts, 'agent')) yield sharing(group, 'one store of model credentials');
  },
});
