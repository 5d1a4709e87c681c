import { cases } from '../testing/cases.ts';
import { placeFact } from '../testing/clean-facts.ts';
import { atBoth, plusPlaces } from '../testing/secret-facts.ts';

cases('channel.whatsapp-authdir-shared', {
  ok: { 'a directory of each': atBoth((tenant) => plusPlaces(placeFact('channel:whatsapp', `/t/${tenant.tenant}/w`))(tenant)) },
  ng: { 'one directory': atBoth(plusPlaces(placeFact('channel:whatsapp', '/srv/w'))) },
});
