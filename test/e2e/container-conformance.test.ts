/** The rung `container` with both engines against the suite of all rungs. */
import { containerConforms } from '../support/container-conformance.ts';

containerConforms('docker');
