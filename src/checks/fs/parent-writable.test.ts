import { withAccess } from '../testing/clean-facts.ts';
import { cases } from '../testing/cases.ts';

cases('fs.parent-writable', {
  ok: {
    'a sticky directory of root': withAccess({ '/t': { mode: 0o1777, groupBits: 7 } }),
    'a writable directory that nobody reaches': withAccess({ '/': { mode: 0o700, groupBits: 0 }, '/t': { mode: 0o777, groupBits: 7 } }),
    'its own': withAccess({ '/t/acme/state': { mode: 0o777, groupBits: 7 } }),
  },
  ng: {
    everybody: withAccess({ '/t': { mode: 0o777, groupBits: 7 } }),
    'another tenant owns it': withAccess({ '/t': { uid: 1002 } }),
    'another tenant owns it, sticky': withAccess({ '/t': { uid: 1002, mode: 0o1755 } }),
    'another tenant by its group': withAccess({ '/t': { gid: 1002, mode: 0o771, groupBits: 7 } }),
    'another tenant in an access control list': withAccess({ '/t': { named: [{ to: 'user', id: 1002, bits: 7 }] } }),
  },
});
