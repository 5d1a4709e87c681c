/** `bulkhead demo`: placeholder until the parts settle. */
import { BulkheadError } from '../../core/error.ts';
import { action } from '../action.ts';

export const demo = action(async (_context, _flags: { readonly json: boolean; readonly keep: boolean }) => {
  throw new BulkheadError('bug', 'not built yet', 'run the commands one by one');
});
