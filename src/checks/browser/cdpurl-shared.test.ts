import { onOneLoopback, withConfigs } from '../testing/network-facts.ts';
import { cases } from '../testing/cases.ts';

const at = (cdpUrl: unknown) => ({ browser: { profiles: { remote: { cdpUrl } } } });
const masked = (digest: string) => at({ masked: digest.repeat(64), strength: 'strong', tells: { 'url.origin': 'wss://browsers.example' } });
const argument = (url: string) => ({ browser: { profiles: { chrome: { driver: 'existing-session', mcpArgs: ['-y', `--browserUrl=${url}`] } } } });

cases('browser.cdpurl-shared', {
  ok: {
    'one port on loopbacks of their own': withConfigs({ acme: at('http://127.0.0.1:9222'), globex: at('http://127.0.0.1:9222') }),
    'two sessions at one provider': withConfigs({ acme: masked('a'), globex: masked('b') }),
    'two ports': onOneLoopback({ acme: at('http://127.0.0.1:9222'), globex: at('http://127.0.0.1:9223') }),
  },
  ng: {
    'one browser on the loopback': onOneLoopback({
      acme: at('http://localhost:9222/json/version'),
      globex: at('ws://[::1]:9222/devtools/browser/x'),
    }),
    'one session at a provider': withConfigs({ acme: masked('a'), globex: masked('a') }),
    'by argument': withConfigs({ acme: argument('http://192.0.2.1:9222'), globex: at('http://192.0.2.1:9222/') }),
    'for all profiles': withConfigs({ acme: { browser: { cdpUrl: 'http://192.0.2.1:9222' } }, globex: at('http://192.0.2.1:9222') }),
  },
});
