import { cases } from '../testing/cases.ts';
import { withDocument } from '../testing/clean-facts.ts';

cases('doc.notisolated-missing', {
  ok: { 'none is asked for': withDocument(null), 'no page at all': withDocument({ exists: false, tellsLimits: false }) },
  ng: { 'the section is gone': withDocument({ tellsLimits: false }) },
});
