import { servedTogether, withConfig } from '../testing/clean-facts.ts';
import { cases } from '../testing/cases.ts';

cases('boundary.model-as-boundary', {
  ok: {
    'models called after what they are': withConfig({ models: { providers: { anthropic: { models: [{ id: 'opus' }, { id: 'haiku' }] } } } }),
  },
  ng: {
    'one gateway with two models': servedTogether({ models: { providers: { anthropic: { models: [{ id: 'opus' }] } } } }),
    'an alias called after another tenant': withConfig({ agents: { defaults: { models: { 'anthropic/opus': { alias: 'globex' } } } } }),
    'a model called after another tenant': withConfig({ models: { providers: { gate: { models: [{ id: 'openclaw/globex' }] } } } }),
  },
});
