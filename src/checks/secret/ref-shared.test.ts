import { cases } from '../testing/cases.ts';
import { atAcme, atBoth, plusReferences } from '../testing/secret-facts.ts';

const REF = { role: 'model:own', location: 'config:models.providers.own.apiKey', source: 'file', text: 'file:/s#/a', resolved: true };

cases('secret.ref-shared', {
  ok: {
    'one name in two environments of their own': atBoth(plusReferences({ ...REF, source: 'env', text: 'env:KEY' })),
    'another file': atAcme(plusReferences({ ...REF, target: 'file:8:1#/a' })),
  },
  ng: {
    'one file and pointer': atBoth(plusReferences({ ...REF, target: 'file:8:1#/a' })),
    'one command and id, value not resolved': atBoth(plusReferences({ ...REF, source: 'exec', target: 'exec:["op",[],"x",[]]', resolved: false })),
    'one variable of a shared environment file': atBoth(plusReferences({ ...REF, source: 'env', target: 'file:1:2#KEY' })),
  },
});
