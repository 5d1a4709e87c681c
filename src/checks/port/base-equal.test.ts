import { known } from '../../core/facts.ts';
import { acmeWith, onOneLoopback, withConfigs } from '../testing/network-facts.ts';
import { cases } from '../testing/cases.ts';

cases('port.base-equal', {
  ok: { 'one port on two loopbacks': withConfigs({}) },
  ng: {
    'one published port': acmeWith({ ports: known({ first: 20240, last: 20359, published: 20240, namespace: '12' }, 'test') }),
    'one base port on one loopback': onOneLoopback({ acme: { gateway: { port: 20240 } } }),
  },
});
