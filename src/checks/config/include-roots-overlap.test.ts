import { withConfig } from '../testing/clean-facts.ts';
import { cases } from '../testing/cases.ts';

cases('config.include-roots-overlap', {
  ok: {
    'its own': withConfig({}, { OPENCLAW_INCLUDE_ROOTS: '/t/acme/config:/srv/common' }),
    'a relative one': withConfig({}, { OPENCLAW_INCLUDE_ROOTS: 't/globex' }),
  },
  ng: {
    'that of another': withConfig({}, { OPENCLAW_INCLUDE_ROOTS: '/srv/common:/t/globex/config' }),
    'one below': withConfig({}, { OPENCLAW_INCLUDE_ROOTS: '~/../../globex/workspace/parts' }),
    'one above': withConfig({}, { OPENCLAW_INCLUDE_ROOTS: '/t/' }),
  },
});
