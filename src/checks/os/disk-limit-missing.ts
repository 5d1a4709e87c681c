/** A tenant has more disk space than its manifest says. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'os.disk-limit-missing',
  title: 'A declared disk limit does not hold',
  why: 'What one tenant writes takes the space that all others and the host itself need: databases break, logs end, nobody can log in.',
  fix: 'Run `bulkhead stop` for it and then `bulkhead apply`: its disk is mounted before its gateway starts.',
  how: 'Only of tenants with limits.disk: what the running gateway itself has mounted at its tree (/proc/<pid>/mountinfo), whether that is a loop device with an image behind it, how large the device is, and whether another tenant’s tree is on the same one. A tenant without limits.disk may fill what its tree lies on; docs/limits.md says so.',
  source: 'mountinfo in proc(5); loop(4)',
  severity: { team: 'warn', clients: 'high', adversarial: 'high' },
  needs: ['surroundings'],
  phases: ['observed'],
  item: 'limits',
  *judge({ tenants }) {
    for (const { tenant, declared, surroundings } of tenants) {
      const limit = declared.diskBytes;
      const disk = surroundings.known ? surroundings.value?.disk : undefined;
      if (limit === undefined || disk === undefined) continue;
      const evidence = [`its tree is on ${disk.device} (${disk.fileSystem})`, `limits.disk is ${mebibytes(limit)}`];
      if (disk.image === undefined)
        yield { tenants: [tenant], message: `the tree of ${tenant} has no disk of its own: it may fill the host’s`, evidence };
      else if (disk.bytes === undefined || disk.bytes > limit)
        yield { tenants: [tenant], message: `the disk of ${tenant} is larger than its manifest says: ${mebibytes(disk.bytes ?? 0)}`, evidence };
    }
    const groups = sharedBy(tenants, ({ host, declared, surroundings }) => {
      const disk = surroundings.known ? surroundings.value?.disk : undefined;
      return declared.diskBytes === undefined || disk === undefined
        ? []
        : [{ space: host, key: disk.device, where: `its tree is on ${disk.device}` }];
    });
    for (const group of groups) yield sharing(group, 'one disk');
  },
});

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}
