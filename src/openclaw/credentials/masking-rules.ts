/** What a masker needs to know of OpenClaw and its channels. Source: openclaw 2026.9.6 docs/reference/secretref-credential-surface.md. */
import { CHANNELS } from '../channels/index.ts';
import type { MaskingRules } from '../masking.ts';
import { VISIBLE_NAMES } from './variables.ts';

/** The account in a token of a provider's login. Source: RFC 7519, OpenAI's claim as docs/concepts/oauth.md describes it. */
export const JWT_ACCOUNTS = ['jwt.account', 'jwt.email', 'jwt.subject'] as const;

export const MASKING: MaskingRules = {
  tells: [
    ...CHANNELS.flatMap(({ tells = [] }) => tells),
    { name: 'jwt.account', kind: 'jwt', claim: 'https://api.openai.com/auth|chatgpt_account_id' },
    { name: 'jwt.email', kind: 'jwt', claim: 'email' },
    { name: 'jwt.subject', kind: 'jwt', claim: 'sub' },
  ],
  // By name alone these are no secrets.
  keys: [
    'models.providers.*.request.auth.value',
    'models.providers.*.request.tls.key',
    'models.providers.*.request.proxy.tls.key',
    'channels.*.code',
    'channels.*.accounts.*.code',
    'channels.*.serviceAccount',
    'channels.*.accounts.*.serviceAccount',
    'secrets.providers.*.args.*',
    'diagnostics.otel.headers.*',
  ],
  plain: ['openai-organization', 'openai-project', ...VISIBLE_NAMES.map((name) => name.toLowerCase())],
};
