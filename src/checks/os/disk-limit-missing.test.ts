import type { TenantFacts } from '../../core/facts.ts';
import type { DiskFact } from '../../core/os-facts.ts';
import { cases } from '../testing/cases.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { partly } from '../testing/clean-os-facts.ts';

const IMAGE: DiskFact = { device: '7:0', fileSystem: 'ext4', bytes: 2 ** 30, image: '/var/lib/b/disks/acme.ext4' };
const on = (disk: DiskFact, diskBytes = 2 ** 30) => {
  return (tenant: TenantFacts): Partial<TenantFacts> => ({
    declared: { ...tenant.declared, diskBytes },
    ...partly('surroundings', { disk })(tenant),
  });
};

cases('os.disk-limit-missing', {
  ok: {
    'a disk each': observedFacts({}, { acme: on(IMAGE), globex: on({ ...IMAGE, device: '7:1' }) }),
    'a disk that is still to grow': observedFacts({}, { acme: on(IMAGE, 2 ** 31) }),
    'nothing declared': observedFacts({}, { acme: partly('surroundings', { disk: { device: '254:0', fileSystem: 'ext4' } }) }),
  },
  ng: {
    'the host’s own file system': observedFacts({}, { acme: on({ device: '254:0', fileSystem: 'ext4', bytes: 2 ** 29 }) }),
    'one without a block device': observedFacts({}, { acme: on({ device: '0:31', fileSystem: 'btrfs' }) }),
    'a larger one': observedFacts({}, { acme: on({ ...IMAGE, bytes: 2 ** 31 }) }),
    'one for two': observedFacts({}, { acme: on(IMAGE), globex: on(IMAGE) }),
  },
});
