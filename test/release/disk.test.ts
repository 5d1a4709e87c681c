/** `limits.disk` on real tenants: filled to the last byte and the last file beside one that writes on, broken, grown, given late, killed half way, removed. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReportDocument } from '../../src/report/json.ts';
import { keepReport, trial, type Trial } from '../support/bulkhead.ts';
import { requires } from '../support/requires.ts';

const skip = requires({
  root: true,
  linux: true,
  programs: ['bwrap', 'nft', 'ip', 'mkfs.ext4', 'debugfs', 'e2fsck', 'resize2fs', 'losetup'],
  devices: ['loop-control'],
  openclaw: true,
});
const MIB = 2 ** 20;
/** What a test that writes until it is refused must leave of the machine, if it is not refused. */
const SPARE = 5 * 2 ** 30;

function manifest(limits: Readonly<Record<string, string>>): string {
  const tenants = Object.entries(limits).map(
    ([id, limit]) => `  ${id}:
    boundary: { owner: ${id}@example.test, data: tickets, members: [${id}@example.test] }
    policy: operator
    egress: none
    limits: { ${limit} }
`,
  );
  return `fleet: disks
trust: clients
hosts:
  local: { admins: [{ name: ops, how: root }] }
tenants:
${tenants.join('')}namedRisks:
  - { item: host-admins, tenants: [${Object.keys(limits).join(', ')}], risk: One team runs the machine, owner: ops@example.test, until: 2027-12-31 }
`;
}

const UNLIMITED = 'pids: 512';

describe('two OS users, one with a disk of its own', { skip, timeout: 2_400_000 }, () => {
  let here: Trial;
  const tree = (tenant: string): string => join(here.stateDir, 'tenants', tenant);
  const declare = (limits: Readonly<Record<string, string>>): string => here.write('bulkhead.yaml', manifest(limits));
  const steps = async (): Promise<number> => {
    const { exit, stdout, stderr } = await here.run('apply', '--json');
    assert.equal(exit, 0, stderr + stdout);
    return (JSON.parse(stdout) as { steps: number }).steps;
  };
  const refused = async (message: RegExp): Promise<string> => {
    const { exit, stderr } = await here.run('apply');
    assert.equal(exit, 5, stderr);
    assert.match(stderr, message);
    return stderr;
  };
  const inside = (tenant: string, script: string) => here.run('exec', tenant, '--', 'sh', '-c', script);
  const verify = async (...flags: readonly string[]): Promise<ReportDocument> =>
    JSON.parse((await here.run('verify', '--json', '--no-audit', ...flags)).stdout) as ReportDocument;
  const answers = async (tenant: string): Promise<void> => {
    let said = '';
    for (let tries = 0; tries < 60; tries += 1) {
      const { tenants } = JSON.parse((await here.run('status', tenant, '--json')).stdout) as { tenants: { state: string; reason?: string }[] };
      said = JSON.stringify(tenants);
      if (tenants[0]?.state === 'running') return;
      await sleep(1000);
    }
    assert.fail(`${tenant} does not answer: ${said}`);
  };
  const verdicts = ({ findings, probes }: ReportDocument): unknown => [
    findings.filter(({ id, verdict }) => id === 'os.disk-limit-missing' && verdict !== 'pass').map(({ tenants }) => tenants),
    probes.filter(({ id }) => id === 'exhaust.disk').map(({ attacker, verdict }) => `${attacker} ${verdict}`),
  ];

  before(async () => {
    assert.ok(free('/var/lib') > SPARE, 'the machine has room for what this test writes if nothing refuses it');
    here = trial();
    declare({ acme: 'disk: 200MiB', globex: UNLIMITED });
  });
  after(async () => {
    await here.end(['acme', 'globex', 'initech']);
  });

  test('the plan says that the space is taken as it fills, apply makes it, and a second one has nothing to do', async () => {
    assert.match((await here.run('plan')).stdout, /let it grow to 200 MiB, taken from the host as it fills/);
    assert.ok((await steps()) > 100);
    assert.equal(await steps(), 0);
    const [line = ''] = readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .filter((one) => one.includes(`${tree('acme')} `));
    assert.match(line, / rw,nosuid,nodev,noatime - ext4 \/dev\/loop\d+ rw,/);
    assert.equal((await here.run('show', 'acme')).stdout.match(/disk +(.*)/)?.[1], '200 MiB');
  });

  test('whoever fills it gets no more space, and the other one and the host write on', async () => {
    const before = free('/var/lib');
    const filled = await inside('acme', 'head -c 300000000 /dev/zero > $HOME/fill; echo $?; wc -c < $HOME/fill');
    assert.match(filled.stderr, /No space left on device/);
    const [exit, bytes] = filled.stdout.trim().split('\n').map(Number);
    assert.ok(exit === 1 && Number(bytes) > 100 * MIB && Number(bytes) < 200 * MIB, filled.stdout);
    const other = await inside('globex', 'head -c 20000000 /dev/zero > $HOME/fill && wc -c < $HOME/fill && rm $HOME/fill');
    assert.equal(other.stdout.trim(), '20000000', other.stderr);
    writeFileSync(join(here.folder, 'host'), Buffer.alloc(MIB));
    assert.ok(before - free('/var/lib') < 2 ** 30, 'the host lost no more than the disk has');
    // What its own gateway makes of it is its own affair.
    await answers('globex');
  });

  test('no file is larger than the disk, also one that takes no space', async () => {
    const sparse = (mebibytes: number): string =>
      `node -e 'fs.writeFileSync(process.env.HOME+"/sparse","");try{fs.truncateSync(process.env.HOME+"/sparse",${mebibytes * MIB});console.log("made")}catch(e){console.log(e.code)}'`;
    const { stdout, stderr } = await inside('acme', `${sparse(201)}; ${sparse(199)}; rm $HOME/sparse`);
    assert.equal(stdout, 'EFBIG\nmade\n', stderr);
  });

  test('names of files are bounded as well', async () => {
    await inside('acme', 'rm $HOME/fill');
    const made = await inside(
      'acme',
      'mkdir $HOME/many; node -e \'let n=0;try{for(;;n++)require("fs").writeFileSync(process.env.HOME+"/many/"+n,"")}catch(e){console.log(n,e.code)}\'; rm -rf $HOME/many',
    );
    const [count, code] = made.stdout.trim().split(' ');
    assert.equal(code, 'ENOSPC', made.stderr);
    assert.ok(Number(count) > 1000 && Number(count) < (200 * MIB) / 8192, count);
  });

  test('verified: the check and the attack find it held, and do not speak of who has none', async () => {
    const report = await verify();
    keepReport('disk', report);
    assert.deepEqual(verdicts(report), [[], ['acme contained', 'globex not-applicable']]);
  });

  test('a tree that lies beside its disk is found by both, and not taken for the disk', async () => {
    await here.run('stop', 'acme');
    await here.host('cp', '-aT', tree('acme'), `${tree('acme')}.copy`);
    await here.host('umount', tree('acme'));
    await here.host('rmdir', tree('acme'));
    await here.host('mv', '-T', `${tree('acme')}.copy`, tree('acme'));
    await here.run('start', 'acme');
    await answers('acme');
    const report = await verify();
    assert.equal(report.exitCode, 1, JSON.stringify(report.summary));
    assert.deepEqual(verdicts(report), [[['acme']], ['acme breached', 'globex not-applicable']]);
    await refused(/its disk was unmounted from .* while its gateway runs/);
    await here.run('stop', 'acme');
    await refused(/acme is not on its disk, which has to be mounted there; nothing was changed/);
    await here.host('rm', '-rf', tree('acme'));
    await steps();
    assert.deepEqual(verdicts(await verify('--no-probes')), [[], []]);
  });

  test('it grows with what is in it, and is not made smaller or taken away', async () => {
    await inside('acme', 'echo kept > $HOME/kept');
    declare({ acme: 'disk: 400MiB', globex: UNLIMITED });
    // A mount namespace that somebody made meanwhile must not keep the old size alive.
    const elsewhere = spawn('unshare', ['--mount', '--propagation', 'private', 'sleep', '600'], { stdio: 'ignore' });
    try {
      await here.run('stop', 'acme');
      await steps();
    } finally {
      elsewhere.kill('SIGKILL');
    }
    assert.equal(await steps(), 0);
    assert.ok(statfsSync(tree('acme')).blocks * 4096 > 350 * MIB);
    assert.equal((await inside('acme', 'cat $HOME/kept')).stdout, 'kept\n');
    declare({ acme: 'disk: 300MiB', globex: UNLIMITED });
    await refused(/its disk has 400 MiB, and a disk is not made smaller; nothing was changed\n\s+fix: write limits: \{ disk: 400MiB \}/);
    declare({ acme: UNLIMITED, globex: UNLIMITED });
    await refused(/its tree is on a disk of 400 MiB, and limits\.disk is not in its manifest any more/);
  });

  test('a tenant that has none gets one by the commands that the refusal names, with all its data', async () => {
    declare({ acme: 'disk: 400MiB', globex: 'disk: 200MiB' });
    await inside('globex', 'echo moved > $HOME/moved');
    const said = await refused(/globex was made without limits\.disk, and data is not moved by itself/);
    const commands = /fix: (.*)/.exec(said)?.[1]?.split('; ') ?? [];
    assert.equal(commands.length, 6);
    for (const command of commands) {
      const [program = '', ...words] = command.split(' ');
      const { exit, stderr } = await (program === 'bulkhead' ? here.run(...words) : here.host(program, ...words));
      assert.equal(exit, 0, `${command}: ${stderr}`);
    }
    assert.equal(await steps(), 0);
    assert.equal((await inside('globex', 'cat $HOME/moved')).stdout, 'moved\n');
    await here.host('rm', '-rf', `${tree('globex')}.before`);
  });

  test('an apply that is killed while it makes a disk is gone on with by the next', async () => {
    declare({ acme: 'disk: 400MiB', globex: 'disk: 200MiB', initech: 'disk: 300MiB' });
    for (const title of ['make a file system', 'put the disk of initech', 'mount the disk of initech']) {
      await killedAt(here.argv('apply'), title);
      assert.ok(!existsSync(join(tree('initech'), 'config/openclaw.json')), title);
    }
    assert.ok((await steps()) > 0);
    assert.equal(await steps(), 0);
  });

  test('removed, nothing of it is left: no mount, no loop device, no image', async () => {
    for (const tenant of ['acme', 'globex', 'initech']) {
      const { exit, stderr } = await here.run('remove', tenant, '--confirm', tenant);
      assert.equal(exit, 0, stderr);
    }
    assert.deepEqual(readdirSync(join(here.stateDir, 'disks')), []);
    const left = [await here.host('losetup', '-a'), await here.host('cat', '/proc/self/mountinfo')];
    for (const { stdout } of left) assert.ok(!stdout.includes(here.folder), stdout);
  });
});

function free(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

/** Ends an apply with SIGKILL as soon as it begins a step with this title. */
async function killedAt(argv: readonly string[], title: string): Promise<void> {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let found = false;
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (found || !line.includes(title)) return;
    found = true;
    child.kill('SIGKILL');
  });
  await new Promise((resolve) => child.on('close', resolve));
  assert.ok(found, `there is a step: ${title}`);
}
