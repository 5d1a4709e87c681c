import { withNetwork } from '../testing/clean-facts.ts';
import { cases } from '../testing/cases.ts';

cases('gateway.auth-none', {
  ok: { 'a password': withNetwork({ authMode: { value: 'password', from: 'config:gateway.auth.mode' } }) },
  ng: { none: withNetwork({ authMode: { value: 'none', from: 'config:gateway.auth.mode' } }) },
});
