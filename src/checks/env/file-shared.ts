/** Two gateways read one environment file. */
import { defineCheck } from '../../core/check.ts';
import { sharing } from '../join.ts';
import { sharedEnvironmentFiles } from '../places.ts';

export const check = defineCheck({
  id: 'env.file-shared',
  title: 'Two gateways read one environment file',
  why: 'Every key in it is a credential of both, and whoever changes it changes both.',
  fix: 'Give each tenant a state directory of its own, with a .env of its own.',
  how: 'Real path and object of the state directory\u2019s .env and, with the default state directory, of gateway.env are compared.',
  source: 'openclaw 2026.9.6 docs/help/environment.md (Precedence)',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['environment'],
  phases: ['desired', 'observed'],
  item: 'state-directory',
  *judge(facts) {
    for (const group of sharedEnvironmentFiles(facts)) yield sharing(group, 'one environment file');
  },
});
