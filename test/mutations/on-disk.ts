/** Leaks on a real tree, a real archive or recorded output, read by the product's own collectors. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { known, unknown, type Facts, type Known, type TenantFacts } from '../../src/core/facts.ts';
import { observedFacts } from '../../src/checks/testing/clean-facts.ts';
import type { AccountCollected } from '../../src/observe/account-collector.ts';
import { accountOf, hostAccounts, schedulesOf } from '../../src/observe/accounts.ts';
import { main as lookAtCode, type CodeRequest } from '../../src/observe/code-collector.ts';
import { CodeSeen, PlacesSeen } from '../../src/observe/collected-os.ts';
import { parseInspect } from '../../src/observe/container.ts';
import { main as lookAtPlaces } from '../../src/observe/place-collector.ts';

type Part<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

function fact<T>(seen: Part<T>): Known<T> {
  return seen.ok ? known(seen.value, 'test') : unknown(seen.why);
}

async function inTree<T>(work: (root: string) => Promise<T>): Promise<T> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'bulkhead-mutation-')));
  chmodSync(root, 0o755);
  try {
    return await work(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** `make` builds the tree; acme has its `acme` folder, globex its own. */
export function code(make: (root: string) => void, request: (folder: string) => Partial<CodeRequest>): Promise<Facts> {
  return inTree(async (root) => {
    for (const name of ['acme', 'globex']) mkdirSync(join(root, name, '.ssh'), { recursive: true });
    make(root);
    const look = async (name: string): Promise<Partial<TenantFacts>> => {
      const folder = join(root, name);
      const wanted = { roots: [], homes: [folder], account: false, logs: [], stateName: '.openclaw', ...request(folder) };
      const { roots, loginKeys, homePathUses, logs } = v.parse(CodeSeen, await lookAtCode(wanted));
      return { codeRoots: fact(roots), loginKeys: fact(loginKeys), homePathUses: fact(homePathUses), logs: fact(logs) };
    };
    const [acme, globex] = [await look('acme'), await look('globex')];
    return observedFacts({}, { acme: () => acme, globex: () => globex });
  });
}

/** `make` builds the install below `oc` and acme's backups below `backup`. */
export function places(make: (root: string) => void): Promise<Facts> {
  return inTree(async (root) => {
    mkdirSync(join(root, 'oc'));
    mkdirSync(join(root, 'backup'), { mode: 0o700 });
    make(root);
    const request = {
      tenants: [{ tenant: 'acme', places: [join(root, 'oc')], backup: join(root, 'backup'), log: '/absent' }],
      tree: join(root, 'oc'),
    };
    const { loose, tenants } = v.parse(PlacesSeen, await lookAtPlaces(request));
    const seen = tenants['acme'];
    if (seen?.places.ok !== true || !loose.ok) throw new Error('the tree was not seen');
    // What is above the test's own folder is the machine's affair.
    const install = [...seen.places.value, ...loose.value].filter(({ path }) => path.startsWith(root));
    return observedFacts(
      {},
      { acme: () => ({ install: known(install, 'test'), archives: fact(seen.archives) }), globex: () => ({ install: known(install, 'test') }) },
    );
  });
}

/** An archive as OpenClaw makes it, of the given path. */
export function archive(root: string, path: string, mode = 0o600): void {
  const inside = `2026-openclaw-backup/payload/posix${path}`;
  mkdirSync(join(root, 'staging', inside), { recursive: true });
  writeFileSync(join(root, 'staging', inside, 'openclaw.json'), '{}');
  execFileSync('tar', ['-C', join(root, 'staging'), '-czf', join(root, 'backup/x.tar.gz'), `${inside}/openclaw.json`]);
  chmodSync(join(root, 'backup/x.tar.gz'), mode);
}

/** acme in a container that was really run, by what its engine printed. */
export function inspected(name: string): Facts {
  const container = parseInspect('docker', readFileSync(new URL(`../inspect/${name}.json`, import.meta.url), 'utf8'));
  if (!container.known) throw new Error(container.why);
  return observedFacts({}, { acme: () => ({ container }) });
}

/** The files of a host, as its collector brings them. */
export function accounts(change: Partial<AccountCollected>): Facts {
  const seen: AccountCollected = {
    passwd: 'root:x:0:0::/root:/bin/sh\nbh-acme:x:1001:1001::/t/acme:/x\nbh-globex:x:1002:1002::/t/globex:/x\n',
    group: 'root:x:0:\nbh-acme:x:1001:\nbh-globex:x:1002:\n',
    sudoers: [],
    polkit: [],
    sshd: [],
    rootKeys: [],
    lingering: [],
    jobs: [],
    closed: [],
    ...change,
  };
  const own = (uid: number): Partial<TenantFacts> => {
    const account = accountOf(seen, uid);
    return account === undefined ? {} : { account: known(account, 'test') };
  };
  const facts = observedFacts({}, { acme: () => own(1001), globex: () => own(1002) });
  return {
    ...facts,
    hosts: facts.hosts.map((host) => ({ ...host, accounts: known(hostAccounts(seen), 'test'), schedules: known(schedulesOf(seen), 'test') })),
  };
}
