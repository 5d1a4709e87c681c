import { cases } from '../testing/cases.ts';
import { withDocument } from '../testing/clean-facts.ts';

cases('doc.overselling', {
  ok: { 'none is asked for': withDocument(null) },
  ng: { 'an absolute': withDocument({ claims: ['zero risk'] }) },
});
