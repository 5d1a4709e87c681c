import { cases } from '../testing/cases.ts';
import { observedFacts } from '../testing/clean-facts.ts';

cases('install.shared-readonly', {
  ok: { 'separate clients, by design': observedFacts() },
  ng: { adversaries: observedFacts({ trust: { default: 'adversarial', relations: [] } }) },
});
