/** A tenant's files are copied to other machines. */
import { defineCheck } from '../../core/check.ts';
import type { PathFact, PathRole, TenantFacts } from '../../core/facts.ts';
import { pathsOf, sharedBy, sharing, type Holding } from '../join.ts';

/** Folders of synchronising programs, by the names that they give them. As they write them: a tenant may be called dropbox. */
const FOLDERS =
  /\/(?:Dropbox(?: \([^/]*\))?|OneDrive(?: ?- ?[^/]*)?|Google ?Drive|GoogleDrive-[^/]*|My Drive|iCloud(?: ?Drive)?|Mobile Documents|CloudStorage|Nextcloud|ownCloud|Syncthing|pCloud ?Drive|Box Sync)(?:\/|$)/;
const NETWORK =
  /^(?:nfs4?|cifs|smb3?|smbfs|ceph|glusterfs|afs|davfs|fuse\.(?:sshfs|rclone|s3fs|gcsfuse|davfs2?|glusterfs|google-drive-ocamlfuse|onedriver|dropbox))$/;
/** What is made anew, or is not the tenant's live state. */
const SCRATCH: readonly PathRole[] = ['tmp', 'compile-cache', 'backup'];

export const check = defineCheck({
  id: 'path.synced-dir',
  title: 'Files of a tenant are copied to other machines',
  why: 'Tokens and transcripts then lie wherever the folder is synchronised to, and a database that is written and synchronised at once breaks.',
  fix: 'Keep the tenant on a local file system that no program synchronises.',
  how: 'A path of the tenant lies in a folder with the name or the mark of a synchronising program, or two tenants lie on one network file system.',
  source: 'openclaw 2026.9.6 security audit fs.synced_dir (names of folders); marks as the programs leave them; proc_pid_mountinfo(5)',
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  needs: ['paths'],
  phases: ['desired', 'observed'],
  item: 'paths',
  *judge(facts) {
    for (const tenant of facts.tenants) {
      const evidence = pathsOf(tenant).flatMap((path) => (SCRATCH.includes(path.role) ? [] : syncedBy(path)));
      if (evidence.length > 0) yield { tenants: [tenant.tenant], message: `files of ${tenant.tenant} lie in a synchronised folder`, evidence };
    }
    for (const group of sharedBy(facts.tenants, networkFileSystems)) yield sharing(group, 'a network file system');
  },
});

function syncedBy({ role, declared, real, synced }: PathFact): readonly string[] {
  if (synced !== undefined) return [`${role} ${real}: ${synced} is there`];
  const named = (declared === real ? [real] : [declared, real]).find((text) => FOLDERS.test(text));
  return named === undefined ? [] : [`${role} ${named}`];
}

function networkFileSystems(tenant: TenantFacts): readonly Holding[] {
  return pathsOf(tenant).flatMap(({ role, real, backing, fileSystem }) => {
    if (fileSystem === undefined || backing === undefined || SCRATCH.includes(role) || !NETWORK.test(fileSystem)) return [];
    return [{ space: tenant.host, key: backing.split(':').slice(0, 2).join(':'), where: `${role} ${real} is on ${fileSystem}` }];
  });
}
