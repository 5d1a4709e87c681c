import { cases } from '../testing/cases.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { partly } from '../testing/clean-os-facts.ts';

const place = { path: '/etc/systemd/system/bh-acme.service.d/x.conf', uid: 0, gid: 0, mode: 0o644 };

cases('os.systemd-unit-shared', {
  ok: {
    'a sticky directory of root': observedFacts({}, { acme: partly('service', { places: [{ ...place, mode: 0o1777 }] }) }),
    'no unit': observedFacts({}, { acme: partly('service', { places: [] }) }),
  },
  ng: {
    'one unit': observedFacts(
      {},
      { acme: partly('service', { unit: 'openclaw-gateway.service' }), globex: partly('service', { unit: 'openclaw-gateway.service' }) },
    ),
    'one manager of a user': observedFacts(
      {},
      { acme: partly('service', { manager: 'user 1000' }), globex: partly('service', { manager: 'user 1000' }) },
    ),
    'a drop-in of the neighbour': observedFacts({}, { acme: partly('service', { places: [{ ...place, uid: 1002 }] }) }),
    'a drop-in of a group of the neighbour': observedFacts({}, { acme: partly('service', { places: [{ ...place, gid: 1002, mode: 0o664 }] }) }),
    'a drop-in for everybody': observedFacts({}, { acme: partly('service', { places: [{ ...place, mode: 0o666 }] }) }),
  },
});
