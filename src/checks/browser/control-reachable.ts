/** The control listener of a tenant's browser is open to others. */
import { defineCheck } from '../../core/check.ts';
import { derivedPorts } from '../../openclaw/ports.ts';
import { exposedListeners } from '../exposed-listeners.ts';

export const check = defineCheck({
  id: 'browser.control-reachable',
  title: 'The control listener of a tenant’s browser is open to others',
  why: 'Only the gateway’s token stands before it, and its loopback neighbours may try tokens without end.',
  fix: 'Take OPENCLAW_EAGER_BROWSER_CONTROL_SERVER out of the environment, or use isolation os-user.',
  how: 'Something listens two above the base port in a network namespace that other tenants are in too, or beyond the loopback.',
  source: 'openclaw 2026.9.6 docs/tools/browser-control.md (starts only with OPENCLAW_EAGER_BROWSER_CONTROL_SERVER=1)',
  severity: { team: 'warn', clients: 'critical', adversarial: 'critical' },
  needs: ['ports', 'settings', 'host.sockets'],
  phases: ['observed'],
  item: 'browser-profile',
  *judge(facts) {
    yield* exposedListeners(facts, 'the control listener of its browser', ({ network }) => {
      const { browserControl } = derivedPorts(network.port.value);
      return [{ first: browserControl, last: browserControl }];
    });
  },
});
