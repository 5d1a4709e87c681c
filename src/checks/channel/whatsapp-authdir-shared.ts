/** Two tenants keep a WhatsApp link in one directory. */
import { defineCheck } from '../../core/check.ts';
import { sharedStores } from '../channels.ts';

export const check = defineCheck({
  id: 'channel.whatsapp-authdir-shared',
  title: 'Two tenants keep a WhatsApp link in one directory',
  why: 'Both gateways are the same linked device; they corrupt its keys for each other.',
  fix: 'Leave authDir out: each account then lies below its own state directory.',
  how: 'Real paths and objects of the link directories are compared, the default ones too.',
  source: 'openclaw 2026.9.6 docs/channels/whatsapp.md (authDir)',
  severity: { team: 'critical', clients: 'critical', adversarial: 'critical' },
  needs: ['places'],
  phases: ['desired', 'observed'],
  item: 'channel-credentials',
  *judge(facts) {
    yield* sharedStores(facts, 'whatsapp', 'one WhatsApp link');
  },
});
