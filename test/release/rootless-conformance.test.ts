import { containerConforms } from '../support/container-conformance.ts';

containerConforms('podman', true);
