import { servedTogether, withConfig } from '../testing/clean-facts.ts';
import { cases } from '../testing/cases.ts';

cases('boundary.sessionkey-as-boundary', {
  ok: {
    'a prefix of its own': withConfig({ hooks: { allowedSessionKeyPrefixes: ['hook:acme:'] } }),
    'scoped sessions of one tenant': withConfig({ session: { dmScope: 'per-peer' } }),
  },
  ng: {
    'one gateway with scoped sessions': servedTogether({ session: { dmScope: 'per-peer' } }),
    'a prefix of another': withConfig({ hooks: { allowedSessionKeyPrefixes: ['hook:acme:', 'hook:globex:'] } }),
    'a mapping to a key of another': withConfig({ hooks: { mappings: [{ sessionKey: 'client/GLOBEX' }] } }),
  },
});
