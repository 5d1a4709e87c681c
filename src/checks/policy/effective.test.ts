import { known, type Facts } from '../../core/facts.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { cases } from '../testing/cases.ts';

const given = (tools: readonly string[], rendered: Readonly<Record<string, unknown>>): Facts =>
  observedFacts(
    {},
    {
      acme: () => ({
        policy: known({ preset: 'support', restricted: true, drifted: [], rendered }, 'test'),
        effective: known({ tools, sessions: 1 }, 'test'),
      }),
    },
  );
const MESSAGING = { profile: 'messaging', alsoAllow: ['read'], deny: ['group:runtime', 'canvas_*'] };

cases('policy.effective', {
  ok: {
    'what the policy gives': given(['message', 'read'], MESSAGING),
    'fewer than it gives': given([], MESSAGING),
    'a tool of a plugin': given(['calendar_search'], MESSAGING),
  },
  ng: {
    'a denied tool': given(['exec'], MESSAGING),
    'a tool beyond the profile': given(['write'], MESSAGING),
    'a tool of a plugin that a pattern denies': given(['canvas_draw'], MESSAGING),
    'anything at all where all is denied': given(['calendar_search'], { deny: ['*'] }),
  },
});
