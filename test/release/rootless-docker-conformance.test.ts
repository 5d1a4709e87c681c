import { containerConforms } from '../support/container-conformance.ts';

containerConforms('docker', true);
