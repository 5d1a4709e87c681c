/** Two tenants share a compile cache. */
import { defineCheck } from '../../core/check.ts';
import { sharedPaths, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'tmp.compile-cache-shared',
  title: 'Two tenants share a compile cache',
  why: 'Whoever can write it decides what code the other runs.',
  fix: 'Give each tenant its own NODE_COMPILE_CACHE.',
  severity: { team: 'info', clients: 'high', adversarial: 'critical' },
  needs: ['paths'],
  phases: ['desired', 'observed'],
  item: 'tmp',
  *judge(facts) {
    for (const group of sharedPaths(facts, 'compile-cache')) yield sharing(group, 'one compile cache');
  },
});
