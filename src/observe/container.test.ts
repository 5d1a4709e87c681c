import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { ContainerFact } from '../core/container-facts.ts';
import type { Host } from '../core/host.ts';
import { inspectContainer, parseInspect } from './container.ts';

/** What `docker inspect` of Docker 20.10 and `podman inspect` of Podman 4.3 printed for real containers. */
const recorded = (name: string): string => readFileSync(new URL(`../../test/inspect/${name}.json`, import.meta.url), 'utf8');

function fact(name: string, engine: Parameters<typeof parseInspect>[0] = 'docker'): ContainerFact {
  const parsed = parseInspect(engine, recorded(name));
  assert.ok(parsed.known, parsed.known ? '' : parsed.why);
  return parsed.value;
}

test('a container as openclaw fleet starts it is confined', () => {
  assert.deepEqual(fact('docker-cell'), {
    engine: 'docker',
    name: 'openclaw-cell-acme',
    image: 'local/openclaw:2026.9.6',
    runtime: 'runc',
    privileged: false,
    capAdd: [],
    mayGainPrivileges: false,
    hostNamespaces: [],
    unconfined: [],
    mounts: [{ source: '/srv/engine/acme', target: '/home/node/.openclaw', writable: true }],
    networks: [],
    published: [],
  });
});

test('a capability, a filter that is off and privileges to gain are told', () => {
  const { privileged, capAdd, unconfined, mayGainPrivileges, hostNamespaces } = fact('docker-unconfined');
  assert.deepEqual([privileged, capAdd, unconfined, mayGainPrivileges, hostNamespaces], [false, ['CAP_SYS_PTRACE'], ['seccomp'], true, []]);
});

test('a container that is open in every way is told as such', () => {
  const { privileged, unconfined, hostNamespaces, mounts } = fact('docker-open');
  assert.deepEqual([privileged, unconfined, hostNamespaces], [true, ['seccomp', 'apparmor', 'selinux'], ['pid', 'ipc', 'net', 'userns']]);
  assert.ok(mounts.some(({ source }) => source === '/'));
});

test('Podman tells the same in its own words', () => {
  const { image, privileged, capAdd, mayGainPrivileges, hostNamespaces, unconfined } = fact('podman-cell', 'podman');
  assert.equal(image, 'localhost/openclaw:2026.9.6');
  assert.deepEqual([privileged, capAdd, mayGainPrivileges, hostNamespaces, unconfined], [false, [], false, [], []]);
  // It was started with --ipc host: Podman calls that shareable, so the check asks the kernel too.
  const wide = fact('podman-wide', 'podman');
  assert.deepEqual([wide.privileged, wide.mayGainPrivileges, wide.hostNamespaces], [true, true, ['pid', 'net']]);
});

test('anything else than one container is unknown, never a confined one', () => {
  for (const text of [
    '',
    '[]',
    '{}',
    '[{"Name":"/x"}]',
    `[${'{"Name":"/x","Config":{},"HostConfig":{}},'.repeat(2).slice(0, -1)}]`,
    '[{"Name":"/x","Config":{},"HostConfig":{"Privileged":"no"}}]',
  ])
    assert.equal(parseInspect('docker', text).known, false, text);
});

test('without an engine that tells about it a container is unknown, with what each of them said', async () => {
  const run: Host['run'] = async ({ argv }) => ({
    exit: argv[0] === 'docker' ? 1 : 127,
    signal: null,
    stdout: '',
    stderr: 'Cannot connect to the Docker daemon',
    timedOut: false,
    truncated: false,
    durationMs: 1,
  });
  const seen = await inspectContainer({ id: 'local', run, stream: () => assert.fail() }, 'a'.repeat(64), new AbortController().signal);
  assert.ok(!seen.known);
  assert.match(seen.why, /docker: Cannot connect to the Docker daemon; podman: not there/);
});
