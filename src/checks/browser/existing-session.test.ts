import { withConfigs } from '../testing/network-facts.ts';
import { cases } from '../testing/cases.ts';

const on = (browser: Readonly<Record<string, unknown>>) => withConfigs({ acme: { browser: { enabled: true, ...browser } } });

cases('browser.existing-session', {
  ok: {
    'managed profiles': on({ defaultProfile: 'openclaw', profiles: { work: { driver: 'openclaw' } } }),
    'the browser is off': withConfigs({ acme: { browser: { defaultProfile: 'user' } } }),
  },
  ng: {
    'the built-in profile': on({ defaultProfile: 'user' }),
    'a driver': on({ profiles: { brave: { driver: 'existing-session' } } }),
    'an extension': on({ profiles: { chrome: { driver: 'extension' } } }),
  },
});
