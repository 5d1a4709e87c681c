import type { Facts } from '../../core/facts.ts';
import { cases } from '../testing/cases.ts';
import { withConfig } from '../testing/clean-facts.ts';

const bind = (...binds: readonly string[]): Facts =>
  withConfig({ agents: { defaults: { sandbox: { docker: { binds } } } } }, { HOME: '/t/globex/home' });

cases('container.sandbox-bind', {
  ok: { 'its own workspace': bind('/t/acme/workspace:/w:rw'), 'a library': bind('/srv/library:/lib:ro') },
  ng: {
    'the neighbour’s workspace': bind('/t/globex/workspace:/w'),
    'inside the neighbour’s state': bind('/t/globex/state/credentials/x:/w'),
    'above the neighbour': bind('/t:/w'),
    'by dots': bind('/t/acme/../globex/workspace/:/w'),
    'by a tilde': bind('~/../../globex/state:/w'),
    'of one agent': withConfig({ agents: { entries: { 'a.b': { sandbox: { docker: { binds: ['/t/globex/state:/s'] } } } } } }),
    'of the browser': withConfig({ agents: { defaults: { sandbox: { browser: { binds: ['/t/globex/state:/s'] } } } } }),
    'the host’s root': bind('/:/host'),
    'a socket of an engine': bind('/var/run/docker.sock:/var/run/docker.sock'),
  },
});
