import { known } from '../../core/facts.ts';
import { TENANTS, observedFacts } from '../testing/clean-facts.ts';
import { settingsWith } from '../testing/network-facts.ts';
import { cases } from '../testing/cases.ts';

const paired = (mode: string, device: (name: string) => string) =>
  observedFacts(
    {},
    Object.fromEntries(
      TENANTS.map((name) => [
        name,
        () => ({
          settings: known(settingsWith({ gateway: { nodes: { browser: { mode } } } }), 'test'),
          pairedNodes: known([{ device: device(name) }], 'test'),
        }),
      ]),
    ),
  );

cases('browser.node-proxy-shared', {
  ok: { 'a node each': paired('auto', (name) => name), 'browsers of nodes are not used': paired('off', () => 'd1') },
  ng: { 'one node': paired('auto', () => 'd1'), 'one node by name': paired('manual', () => 'd1') },
});
