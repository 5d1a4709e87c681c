import { known } from '../../core/facts.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { onOneLoopback, settingsWith } from '../testing/network-facts.ts';
import { cases } from '../testing/cases.ts';

const named = (acme: string, globex: string) => {
  const clean = onOneLoopback({}).tenants;
  const of = { acme, globex };
  const tenants = clean.map((tenant) => ({
    ...tenant,
    settings: known(
      settingsWith({ gateway: { port: 0 } }, { OPENCLAW_GATEWAY_PORT: '', OPENCLAW_PROFILE: of[tenant.tenant === 'acme' ? 'acme' : 'globex'] }),
      'test',
    ),
  }));
  return observedFacts({ tenants });
};

cases('port.profile-hash', {
  ok: { 'names far apart': named('acme', 'globex'), 'ports that are named': onOneLoopback({ acme: { gateway: { port: 20240 } } }) },
  ng: { 'two names with one hash': named('client972', 'client1719'), 'two names whose blocks overlap': named('umbrella', 'gamma') },
});
