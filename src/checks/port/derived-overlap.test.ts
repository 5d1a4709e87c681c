import { known } from '../../core/facts.ts';
import { onOneLoopback, withConfigs } from '../testing/network-facts.ts';
import { cases } from '../testing/cases.ts';

const bases = (acme: number, globex: number) => onOneLoopback({ acme: { gateway: { port: acme } }, globex: { gateway: { port: globex } } });

cases('port.derived-overlap', {
  ok: {
    '111 apart': bases(20000, 20111),
    'blocks on loopbacks of their own': withConfigs({ acme: { gateway: { port: 18800 } } }),
  },
  ng: {
    '110 apart': bases(20110, 20000),
    'one inside the other, a third between': bases(20001, 20000),
    'two whose debugging ports fall back': bases(65430, 65500),
    'the published port of a neighbour with a loopback of its own': onOneLoopback(
      {},
      {
        tenants: onOneLoopback({ acme: { gateway: { port: 20200 } } }).tenants.map((tenant) =>
          tenant.tenant === 'globex' ? { ...tenant, ports: known({ first: 20240, last: 20359, published: 20240, namespace: '22' }, 'test') } : tenant,
        ),
      },
    ),
  },
});
