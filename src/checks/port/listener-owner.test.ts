import { known, type Facts, type TenantFacts } from '../../core/facts.ts';
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
/** Root listens on the gateway's port, and the gateway runs in gVisor, which is process `sandbox` on the host. */
const inSandbox = (sandbox: number): Facts => {
  const facts = socket('12', 18789, 0);
  const kernel = { release: '4.4.0', log: '', sandbox: 'sandbox 1', files: 8, hidepid: '0', tmp: '', shm: '' };
  const within = ({ process, ...tenant }: TenantFacts): TenantFacts => ({
    ...tenant,
    process:
      tenant.tenant === 'acme' && process.known && process.value !== null ? known({ ...process.value, pid: sandbox, kernel }, 'test') : process,
  });
  return { ...facts, tenants: facts.tenants.map(within) };
};
const down = { process: known(null, 'test') };

cases('port.listener-owner', {
  ok: {
    'root and the tenant': listener(0, 1001),
    'root alone while its gateway is down': acmeWith({ ...held(0), ...down }),
    'its own browser': socket('12', 18800, 1001),
    'a service of the host elsewhere': socket('2', 22, 0),
    'its own gVisor, as root': inSandbox(9),
  },
  ng: {
    'another user on the published port': listener(1002),
    'root alone on it': listener(0),
    'another user while its gateway is down': acmeWith({ ...held(1002), ...down }),
    'another user on a debugging port': socket('12', 18800, 1002),
    'root on the port of the gateway': socket('12', 18789, 0),
    'root beside its gVisor': inSandbox(10),
  },
});
