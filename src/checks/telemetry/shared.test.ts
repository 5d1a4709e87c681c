import { cases } from '../testing/cases.ts';
import { withConfigs } from '../testing/clean-facts.ts';

const on = { update: { checkOnStart: true } };

cases('telemetry.shared', {
  ok: { 'off by the environment': withConfigs(on, on, { OPENCLAW_NO_AUTO_UPDATE: '1' }) },
  ng: {
    on: withConfigs(on),
    'with statistics': withConfigs({ ...on, telemetry: { enabled: true } }),
    'to a place of their own choosing': withConfigs(on, on, { OPENCLAW_TELEMETRY_ENDPOINT: 'https://x.test' }),
  },
});
