/** Tenants that may keep more than their manifest says. */
import type { Facts } from '../../src/core/facts.ts';
import type { DiskFact } from '../../src/core/os-facts.ts';
import { observedFacts } from '../../src/checks/testing/clean-facts.ts';
import { partly } from '../../src/checks/testing/clean-os-facts.ts';
import type { Mutation } from './mutation.ts';

/** acme's manifest says 1 GiB. */
const bounded = (disk: DiskFact): Facts =>
  observedFacts({}, { acme: (tenant) => ({ declared: { ...tenant.declared, diskBytes: 2 ** 30 }, ...partly('surroundings', { disk })(tenant) }) });

export const disks: readonly Mutation[] = [
  {
    id: 'os.disk-limit-missing',
    disguise: 'a small file system of the host’s',
    facts: () => bounded({ device: '254:0', fileSystem: 'ext4', bytes: 2 ** 20 }),
  },
  {
    id: 'os.disk-limit-missing',
    disguise: 'a disk that has grown beside the manifest',
    facts: () => bounded({ device: '7:0', fileSystem: 'ext4', bytes: 2 ** 31, image: '/var/lib/b/disks/acme.ext4' }),
  },
];
