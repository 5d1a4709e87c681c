import { withConfig } from '../testing/clean-facts.ts';
import { cases } from '../testing/cases.ts';

cases('config.cross-reference', {
  ok: {
    'its own and those of the host': withConfig({ plugins: { load: { paths: ['/t/acme/workspace/x', '/usr/share', '/t/globex2/x'] } } }),
    'an address': withConfig({ models: { providers: { x: { baseUrl: 'https://t/globex/state' } } } }),
  },
  ng: {
    'a plugin': withConfig({ plugins: { load: { paths: ['/t/globex/workspace/x'] } } }),
    'a bind': withConfig({ agents: { defaults: { sandbox: { docker: { binds: ['/t/globex/state:/x:ro'] } } } } }),
    'a tilde': withConfig({ skills: { x: '~/../../globex/state' } }),
    'an argument': withConfig({ mcp: { servers: { x: { args: ['--root=/t/globex/home'] } } } }),
    'a file address': withConfig({ x: 'file:///t/globex/state' }),
    'a directory above': withConfig({ x: { allow: ['/t'] } }),
    'the environment': withConfig({}, { OPENCLAW_OAUTH_DIR: '/t/globex/state/credentials' }),
  },
});
