/** The debugging port of a tenant's browser is open to others. */
import { defineCheck } from '../../core/check.ts';
import { derivedPorts, takenPorts } from '../../openclaw/ports.ts';
import { exposedListeners } from '../exposed-listeners.ts';

export const check = defineCheck({
  id: 'browser.cdp-reachable',
  title: 'The debugging port of a tenant’s browser is open to others',
  why: 'It asks for no password: whoever connects reads every page, cookie and file that the browser may.',
  fix: 'Use isolation os-user, which gives each tenant a loopback of its own, or switch the browser off.',
  how: 'A browser listens on a debugging port in a network namespace that other tenants are in too, or beyond the loopback. The probe browser.cdp-reach connects.',
  source: 'openclaw 2026.9.6: from another user /json/new and Runtime.evaluate read a 0600 file (measured)',
  severity: { team: 'warn', clients: 'critical', adversarial: 'critical' },
  needs: ['ports', 'settings', 'host.sockets'],
  phases: ['observed'],
  item: 'browser-profile',
  *judge(facts) {
    yield* exposedListeners(facts, 'the debugging port of its browser', (settings) => {
      const { debugging } = derivedPorts(settings.network.port.value);
      const pinned = takenPorts(settings).filter(({ kind }) => kind === 'debugging' || kind === 'fallback');
      return [debugging, ...pinned];
    });
  },
});
