/** Where the clean tenants keep their things, and who may pass there. */
import type { PathFact, PathRole } from '../../core/facts.ts';
import type { AccessFact, AccessObject } from '../../core/place-facts.ts';

const CLOSED: readonly PathRole[] = ['config', 'state', 'workspace', 'credentials', 'agent', 'browser', 'log', 'home', 'sandbox', 'secrets'];

/** Everything 0700 and the tenant's own below its root; above it root's, to be passed through. */
export function accessFact(root: string, uid: number): AccessFact {
  const closed = CLOSED.map((role) => ({ what: role, path: `${root}/${BELOW[role]}` }));
  const own = { uid, gid: uid, mode: 0o700, groupBits: 0, named: [] };
  const passage = { kind: 'directory' as const, uid: 0, gid: 0, named: [] };
  const objects: Record<string, AccessObject> = {
    '/': { ...passage, mode: 0o755, groupBits: 5 },
    '/t': { ...passage, mode: 0o711, groupBits: 1 },
  };
  for (const { what, path } of closed) {
    for (let at = path; at !== '/t'; at = at.slice(0, at.lastIndexOf('/'))) objects[at] ??= { ...own, kind: 'directory' };
    if (what === 'config' || what === 'log') objects[path] = { ...own, kind: 'file', mode: 0o600 };
  }
  return { objects, closed };
}

const BELOW: Readonly<Record<PathRole, string>> = {
  config: 'config/openclaw.json',
  state: 'state',
  workspace: 'workspace',
  credentials: 'state/credentials',
  agent: 'state/agents/main/agent',
  browser: 'state/browser/openclaw/user-data',
  log: 'logs/gateway.log',
  home: 'home',
  tmp: 'tmp',
  'compile-cache': 'cache',
  backup: 'backup',
  root: '',
  sandbox: 'state/sandboxes',
  secrets: 'secrets',
};

export function pathFacts(root: string, number: number, uid: number): readonly PathFact[] {
  return Object.entries(BELOW).map(([role, rest], at) => ({
    // Keys of a literal of that type.
    role: role as PathRole,
    declared: `${root}/${rest}`.replace(/\/$/, ''),
    real: `${root}/${rest}`.replace(/\/$/, ''),
    exists: true,
    identity: `1:${number * 100 + at}`,
    backing: `254:0:${root}/${rest}`.replace(/\/$/, ''),
    fileSystem: 'ext4',
    mode: 0o700,
    uid,
    gid: uid,
  }));
}
