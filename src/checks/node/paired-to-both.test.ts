import { known } from '../../core/facts.ts';
import { TENANTS, observedFacts } from '../testing/clean-facts.ts';
import { withConfigs } from '../testing/network-facts.ts';
import { cases } from '../testing/cases.ts';

const paired = (acme: string, globex: string) =>
  observedFacts(
    {},
    Object.fromEntries(TENANTS.map((name) => [name, () => ({ pairedNodes: known([{ device: name === 'acme' ? acme : globex }], 'test') })])),
  );
const auto = (...autoApproveCidrs: readonly string[]) => withConfigs({ acme: { gateway: { nodes: { pairing: { autoApproveCidrs } } } } });

cases('node.paired-to-both', {
  ok: { 'a node each': paired('d1', 'd2'), 'an office network': auto('192.0.2.0/24') },
  ng: { 'one node': paired('d1', 'd1'), 'everybody on the loopback': auto('127.0.0.1/32'), 'links of tenants': auto('10.213.4.0/24') },
});
