import { cases } from '../testing/cases.ts';
import { withConfig } from '../testing/clean-facts.ts';

cases('policy.plugins-open', {
  ok: { 'a list': withConfig({ plugins: { allow: ['x'], load: { paths: ['/p'] } } }), 'nothing to load': withConfig({ plugins: {} }) },
  ng: { 'a load path': withConfig({ plugins: { load: { paths: ['/p'] } } }), 'an entry': withConfig({ plugins: { entries: { x: {} } } }) },
});
