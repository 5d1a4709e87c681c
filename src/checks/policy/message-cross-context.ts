/** An agent that outsiders write to can message others. */
import { defineCheck } from '../../core/check.ts';
import { admitsOutsiders, settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'policy.message-cross-context',
  title: 'An agent that outsiders write to can message other conversations',
  why: 'Whoever steers it can have it write to another customer, in the name of the bot.',
  fix: 'Set tools.message.crossContext.allowWithinProvider and allowAcrossProviders to false.',
  how: 'The preset is support or outsiders are admitted, and messages may leave the conversation they came from.',
  source: 'openclaw 2026.9.6 docs/gateway/config-tools/tool-policy.md',
  severity: { team: 'info', clients: 'warn', adversarial: 'high' },
  needs: ['settings', 'policy'],
  phases: ['desired', 'observed'],
  item: 'tool-policy',
  *judge(facts) {
    for (const { tenant, settings } of settingsOf(facts)) {
      const { crossContext } = settings.tools;
      const isSupport = tenant.policy.known && tenant.policy.value.preset === 'support';
      if (crossContext.value && (isSupport || admitsOutsiders(settings)))
        yield { tenants: [tenant.tenant], message: `a turn of ${tenant.tenant} may write to other conversations`, evidence: [crossContext.from] };
    }
  },
});
