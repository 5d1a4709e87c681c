/** The HTTP deny list is opened. */
import { defineCheck } from '../../core/check.ts';
import { settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'policy.http-allow',
  title: 'Tools that HTTP callers are denied are allowed again',
  why: 'Over HTTP, OpenClaw denies running, writing and steering tools to everybody. Who holds the token gets back what is allowed here.',
  fix: 'Empty gateway.tools.allow.',
  how: 'The list that takes tools off the HTTP deny list is not empty.',
  source: 'openclaw 2026.9.6 docs/gateway/tools-invoke-http-api.md',
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  needs: ['settings'],
  phases: ['desired', 'observed'],
  item: 'tool-policy',
  *judge(facts) {
    for (const { tenant, settings } of settingsOf(facts)) {
      const { value, from } = settings.tools.httpAllow;
      if (value.length > 0)
        yield {
          tenants: [tenant.tenant],
          message: `${tenant.tenant} allows ${value.length} tools over HTTP`,
          evidence: [`${from}: ${value.slice(0, 20).join(', ')}`],
        };
    }
  },
});
