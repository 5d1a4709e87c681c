import { withConfigs } from '../testing/network-facts.ts';
import { cases } from '../testing/cases.ts';

const mode = (word: string) => ({ gateway: { tailscale: { mode: word } } });

cases('net.tailscale-shared', {
  ok: { 'one tenant of a host': withConfigs({ acme: mode('serve') }) },
  ng: {
    'two tenants of a host': withConfigs({ acme: mode('serve'), globex: mode('funnel') }),
    'its word replaces the token': withConfigs({ acme: { gateway: { auth: { allowTailscale: true } } } }),
  },
});
