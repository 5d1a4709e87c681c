/** Two tenants drive one browser at an address. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'browser.cdpurl-shared',
  title: 'Two tenants drive one browser',
  why: 'Whoever connects to a debugging endpoint sees and steers every tab in it, with every login.',
  fix: 'Give each tenant a browser, or a session at the provider, of its own.',
  how: 'Debugging endpoints in the config are compared in one spelling; what chooses a session at a provider is compared by keyed digest.',
  source: 'openclaw 2026.9.6 `openclaw config schema` (browser.cdpUrl, browser.profiles.*.cdpUrl, mcpArgs)',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['ports', 'settings'],
  phases: ['desired', 'observed'],
  item: 'browser-profile',
  *judge(facts) {
    const shared = sharedBy(facts.tenants, ({ host, ports, settings }) =>
      (settings.known ? settings.value.browser.endpoints : []).flatMap(({ value, from }) => {
        const namespace = ports.known ? ports.value.namespace : 'own';
        // A loopback of its own leads each tenant to another browser.
        if (value.startsWith('loopback:'))
          return namespace === 'own' ? [] : [{ key: `${host} ${namespace} ${value}`, where: `${from}: ${shown(value)}` }];
        return [{ key: value, where: `${from}: ${shown(value)}` }];
      }),
    );
    for (const group of shared) yield sharing(group, 'one browser');
  },
});

/** Without the digest of what chooses a session. */
function shown(endpoint: string): string {
  return endpoint.replace(/#.*$/, '');
}
