import { known } from '../../core/facts.ts';
import { acmeWith } from '../testing/network-facts.ts';
import { cases } from '../testing/cases.ts';

cases('net.egress-unrestricted', {
  ok: {},
  ng: { 'rules that are not loaded': acmeWith({ egress: known({ filtered: false, how: 'its rules are not loaded' }, 'test') }) },
});
