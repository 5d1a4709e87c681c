import { cases } from '../testing/cases.ts';
import { withConfig } from '../testing/clean-facts.ts';

cases('gateway.auth-none', {
  ok: { 'a password': withConfig({ gateway: { auth: { mode: 'password' } } }) },
  ng: { none: withConfig({ gateway: { auth: { mode: 'none' } } }) },
});
