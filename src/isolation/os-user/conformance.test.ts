/** The rung on this machine: real users, namespaces, rules and limits, with an instance name of its own. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { after } from 'node:test';
import { conformsToIsolation } from '../../../test/conformance/isolation.ts';
import { requires, testInstall } from '../../../test/support/requires.ts';
import { localHost } from '../../hosts/local.ts';
import { osUser } from './os-user.ts';
import { sampleBlueprint, sampleLayout } from './sample.ts';

const skip = requires({ root: true, linux: true, openclaw: true, programs: ['bwrap', 'nft', 'ip', 'nsenter', 'setpriv', 'perl', 'useradd'] });
const instance = `bh${randomBytes(2).toString('hex')}`;
// Not below os.tmpdir(): a tenant's path must not lead through somebody's private directory.
const stateDir = `/var/lib/${instance}-test`;
const layout = sampleLayout(instance, stateDir, testInstall());
const blueprint = sampleBlueprint('acme', 46_000, layout);
const { root } = blueprint.paths;
const name = `${instance}-acme`;

if (skip === false) {
  mkdirSync(stateDir, { mode: 0o711 });
  after(() => {
    rmSync(stateDir, { recursive: true, force: true });
    rmSync(layout.runDir, { recursive: true, force: true });
  });
}

const command = (...argv: [string, ...string[]]): { title: string; argv: [string, ...string[]] } => ({ title: argv.join(' '), argv });

/** With a disk of its own: its image, its mount and what lies in it come and go with the rest. */
const bounded = { ...sampleBlueprint('initech', 46_240, layout), limits: { ...blueprint.limits, diskBytes: 200 << 20 } };
conformsToIsolation({
  isolation: osUser,
  host: localHost(),
  layout,
  blueprint: bounded,
  skip: skip === false ? requires({ programs: ['mkfs.ext4', 'debugfs'], devices: ['loop-control'] }) : skip,
  foreign: [
    {
      what: "something else that is mounted in the disk's place",
      make: [command('mkdir', '-p', bounded.paths.root), command('mount', '-t', 'tmpfs', 'none', bounded.paths.root)],
      undo: [command('umount', bounded.paths.root), command('rmdir', bounded.paths.root)],
    },
    {
      what: 'a directory of images that is somebody else’s',
      make: [command('install', '-d', '-o', 'nobody', `${stateDir}/disks`)],
      undo: [command('rmdir', `${stateDir}/disks`)],
    },
  ],
});

conformsToIsolation({
  isolation: osUser,
  host: localHost(),
  layout,
  blueprint,
  skip,
  // The one with a disk stops after each.
  every: 3,
  foreign: [
    { what: "a user of our name without this tenant's mark", make: [command('useradd', '--system', name)], undo: [command('userdel', name)] },
    { what: "a tree that is somebody else's", make: [command('install', '-d', '-o', 'nobody', root)], undo: [command('rm', '-rf', root)] },
    {
      what: 'a link where the tree belongs',
      make: [command('mkdir', '-p', layout.tenantsDir), command('ln', '-s', '/etc', root)],
      undo: [command('rm', root)],
    },
    {
      what: 'a network link of our name',
      make: [command('ip', 'link', 'add', name, 'type', 'bridge')],
      undo: [command('ip', 'link', 'delete', name)],
    },
  ],
});
