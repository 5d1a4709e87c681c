import type { AccessObject } from '../../core/place-facts.ts';
import { withAccess } from '../testing/clean-facts.ts';
import { cases } from '../testing/cases.ts';

const user = (bits: number): AccessObject['named'] => [{ to: 'user', id: 1002, bits }];
const group = (bits: number): AccessObject['named'] => [{ to: 'group', id: 1002, bits }];

cases('fs.perms-cross', {
  ok: {
    'open files behind a closed directory': withAccess({ '/t/acme/state': { mode: 0o755, groupBits: 5 } }),
    'a group that only it is in': withAccess({ '/t/acme': { mode: 0o750, groupBits: 5 }, '/t/acme/state': { mode: 0o750, groupBits: 5 } }),
    'another user in an access control list, behind a closed directory': withAccess({
      '/t/acme/state': { named: [{ to: 'user', id: 1002, bits: 7 }] },
    }),
    'nothing by way of the root user': withAccess({ '/t/acme': { uid: 0, gid: 0, mode: 0o700 } }),
    'in a user list that denies what everybody may': withAccess({ '/': { mode: 0o755 }, '/t/acme': { mode: 0o700 } }),
  },
  ng: {
    everybody: withAccess({ '/t/acme': { mode: 0o711 }, '/t/acme/state': { mode: 0o701 } }),
    'a group that another tenant is in': withAccess({
      '/t/acme': { mode: 0o710, gid: 1002, groupBits: 1 },
      '/t/acme/workspace': { mode: 0o750, gid: 1002, groupBits: 5 },
    }),
    'a user in an access control list': withAccess({ '/t/acme': { named: user(1) }, '/t/acme/state': { named: user(4) } }),
    'a group in an access control list': withAccess({
      '/t/acme': { named: group(1) },
      '/t/acme/config': { named: group(1) },
      '/t/acme/config/openclaw.json': { named: group(4) },
    }),
    'another owner': withAccess({ '/t/acme': { mode: 0o711 }, '/t/acme/home': { uid: 1002 } }),
    'an owner who is no tenant': withAccess({ '/t/acme': { mode: 0o711 }, '/t/acme/home': { uid: 4711 } }),
  },
});
