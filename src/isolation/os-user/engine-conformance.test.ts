/** The rung on this machine with an engine for sandboxes: ids, store and control group come and go as the rest does. Nothing is started. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { after } from 'node:test';
import { conformsToIsolation } from '../../../test/conformance/isolation.ts';
import { requires, testInstall } from '../../../test/support/requires.ts';
import { localHost } from '../../hosts/local.ts';
import { sandboxImageRecord, storeOf } from './engine.ts';
import { osUser } from './os-user.ts';
import { sampleBlueprint, sampleLayout } from './sample.ts';

const PROGRAMS = ['bwrap', 'nft', 'ip', 'nsenter', 'setpriv', 'perl', 'useradd', 'usermod', 'dockerd', 'containerd', 'runc', 'docker', 'docker-init'];
const skip = requires({ root: true, linux: true, openclaw: true, programs: PROGRAMS });
const instance = `bh${randomBytes(2).toString('hex')}`;
const stateDir = `/var/lib/${instance}-test`;
const layout = sampleLayout(instance, stateDir, testInstall());
const blueprint = { ...sampleBlueprint('acme', 46_360, layout), sandbox: 'all' as const };
const store = storeOf(blueprint, layout);

if (skip === false) {
  mkdirSync(stateDir, { mode: 0o711 });
  writeFileSync(sandboxImageRecord(layout), `sha256:${'a'.repeat(64)}\n`);
  after(() => {
    rmSync(stateDir, { recursive: true, force: true });
    rmSync(layout.runDir, { recursive: true, force: true });
  });
}

conformsToIsolation({
  isolation: osUser,
  host: localHost(),
  layout,
  blueprint,
  skip,
  // Most of its commands are those of every tenant: conformance.test.ts stops after each.
  every: 2,
  foreign: [
    {
      what: "a store that is somebody else's",
      make: [{ title: 'make it', argv: ['install', '-d', '-o', 'nobody', store] }],
      undo: [{ title: 'take it away', argv: ['rm', '-rf', store] }],
    },
  ],
});
