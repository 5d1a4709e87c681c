import { known } from '../../core/facts.ts';
import type { BrowserProfileFact } from '../../core/network-facts.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { cases } from '../testing/cases.ts';

const browsing = (accounts: readonly string[], cookieHosts: readonly string[] = []): BrowserProfileFact => ({
  directory: { role: 'browser', declared: '/b', real: '/b', exists: true },
  accounts,
  sync: false,
  passwords: false,
  cookieHosts,
});
const acme = (one: BrowserProfileFact, owner = 'owner@acme.test') =>
  observedFacts({}, { acme: ({ boundary }) => ({ boundary: { ...boundary, owner }, browserProfiles: known([one], 'test') }) });
const both = observedFacts(
  {},
  Object.fromEntries(
    ['acme', 'globex'].map((name) => [
      name,
      () => ({ browserProfiles: known([browsing(['bot@shared.test'])], 'test'), boundary: { owner: 'Ops', data: 'x', members: [] } }),
    ]),
  ),
);

cases('browser.mixed-identity', {
  ok: {
    'its own account': acme(browsing(['bot@acme.test'], ['.acme.test', 'news.example'])),
    'a boundary that names no address': acme(browsing(['bot@acme.test']), 'The Acme team'),
    'a site with a longer name': acme(browsing([], ['notglobex.test'])),
  },
  ng: {
    'an account outside the boundary': acme(browsing(['me@gmail.com'])),
    'a site of another tenant': acme(browsing([], ['.app.Globex.test'])),
    'one account in two browsers': both,
  },
});
