import { cases } from '../testing/cases.ts';
import { observedFacts, withPreset } from '../testing/clean-facts.ts';

cases('boundary.quarantined', {
  ok: { 'another policy': withPreset('operator', observedFacts()) },
  ng: { 'the policy of a quarantine': withPreset('quarantine', observedFacts()) },
});
