import { cases } from '../testing/cases.ts';
import { withConfig, withPreset } from '../testing/clean-facts.ts';

cases('policy.message-cross-context', {
  ok: { 'staff only': withPreset('operator', withConfig({ tools: { message: { crossContext: { allowWithinProvider: true } } } })) },
  ng: {
    support: withConfig({ tools: { message: { crossContext: { allowWithinProvider: true } } } }),
    'outsiders of an operator': withPreset(
      'operator',
      withConfig({ channels: { telegram: { dmPolicy: 'open' } }, tools: { message: { crossContext: { allowAcrossProviders: true } } } }),
    ),
  },
});
