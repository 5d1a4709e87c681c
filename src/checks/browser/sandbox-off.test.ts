import { withConfigs } from '../testing/network-facts.ts';
import { cases } from '../testing/cases.ts';

const on = (browser: Readonly<Record<string, unknown>>) => withConfigs({ acme: { browser: { enabled: true, ...browser } } });

cases('browser.sandbox-off', {
  ok: { 'the sandbox is on': on({ extraArgs: ['--lang=de'] }), 'the browser is off': withConfigs({ acme: { browser: { noSandbox: true } } }) },
  ng: { 'by setting': on({ noSandbox: true }), 'by argument': on({ extraArgs: ['--no-sandbox'] }) },
});
