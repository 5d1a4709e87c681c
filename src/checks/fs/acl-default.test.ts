import { withAccess } from '../testing/clean-facts.ts';
import { cases } from '../testing/cases.ts';

cases('fs.acl-default', {
  ok: {
    'a list for itself': withAccess({ '/t/acme/state': { inherited: { named: [{ to: 'user', id: 1001, bits: 7 }], groupBits: 0, otherBits: 0 } } }),
    'set-group with its own group': withAccess({ '/t/acme/state': { mode: 0o2700 } }),
    'above its own directories': withAccess({ '/t': { inherited: { named: [], groupBits: 5, otherBits: 5 } } }),
  },
  ng: {
    everybody: withAccess({ '/t/acme/state': { inherited: { named: [], groupBits: 0, otherBits: 4 } } }),
    'the user of another': withAccess({ '/t/acme': { inherited: { named: [{ to: 'user', id: 1002, bits: 5 }], groupBits: 0, otherBits: 0 } } }),
    'the group of another': withAccess({
      '/t/acme/state': { inherited: { named: [{ to: 'group', id: 1002, bits: 5 }], groupBits: 0, otherBits: 0 } },
    }),
    'set-group with the group of another': withAccess({ '/t/acme/workspace': { mode: 0o2700, gid: 1002 } }),
  },
});
