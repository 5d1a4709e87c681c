import { known } from '../../core/facts.ts';
import { wholeHost } from '../testing/clean-facts.ts';
import { acmeWith, onHost } from '../testing/network-facts.ts';
import { cases } from '../testing/cases.ts';

const socket = (namespace: string, port: number, uid: number) => {
  const { sockets } = wholeHost();
  return onHost({ sockets: known([...(sockets.known ? sockets.value : []), { namespace, address: '127.0.0.1', port, uid, pids: [9] }], 'test') });
};
const held = (...uids: readonly number[]) => ({
  listener: known({ address: '127.0.0.1', port: 20120, holders: uids.map((uid) => ({ pid: 9, uid, namespaces: {} })) }, 'test'),
});
const listener = (...uids: readonly number[]) => acmeWith(held(...uids));
const down = { process: known(null, 'test') };

cases('port.listener-owner', {
  ok: {
    'root and the tenant': listener(0, 1001),
    'root alone while its gateway is down': acmeWith({ ...held(0), ...down }),
    'its own browser': socket('12', 18800, 1001),
    'a service of the host elsewhere': socket('2', 22, 0),
  },
  ng: {
    'another user on the published port': listener(1002),
    'root alone on it': listener(0),
    'another user while its gateway is down': acmeWith({ ...held(1002), ...down }),
    'another user on a debugging port': socket('12', 18800, 1002),
    'root on the port of the gateway': socket('12', 18789, 0),
  },
});
