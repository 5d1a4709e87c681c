import { cases } from '../testing/cases.ts';
import { withDocument } from '../testing/clean-facts.ts';

cases('doc.checklist-missing', {
  ok: { 'none is asked for': withDocument(null) },
  ng: { missing: withDocument({ exists: false }), 'of another manifest': withDocument({ current: false }) },
});
