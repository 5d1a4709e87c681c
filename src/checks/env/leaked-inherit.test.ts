import { cases } from '../testing/cases.ts';
import { atAcme, plusVariables, variable } from '../testing/secret-facts.ts';

cases('env.leaked-inherit', {
  ok: {
    'its own paths': atAcme(plusVariables(variable('OPENCLAW_STATE_DIR', { value: '/t/acme/state' }))),
    'a declared secret': atAcme(plusVariables(variable('ACME_TOKEN', { secret: true, declared: true }))),
    'a key of its own environment file': atAcme(plusVariables(variable('OPENAI_API_KEY', { secret: true, layer: 'env-file' }))),
  },
  ng: {
    'the state directory of another': atAcme(plusVariables(variable('OPENCLAW_STATE_DIR', { value: '/t/globex/state/' }))),
    'a login directory within the home of another': atAcme(plusVariables(variable('CODEX_HOME', { value: '/t/globex/home/.codex' }))),
    'a provider key of whoever started it': atAcme(plusVariables(variable('OPENAI_API_KEY', { secret: true, digest: 'k' }))),
  },
});
