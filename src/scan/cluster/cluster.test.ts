/** The cluster is recorded (test/kubernetes): a real API server gave the answers, and each test spoils one thing in them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusterOf, podOfWorkload, threeTenants, workloadOf, type ClusterOptions, type PodShape } from '../../../test/support/cluster.ts';
import { SAMPLE_LAYOUT } from '../../../test/support/sample.ts';
import { judge } from '../../checks/judge.ts';
import type { Finding } from '../../core/check.ts';
import type { Facts } from '../../core/facts.ts';
import { matrixOf } from '../../verify/matrix.ts';
import { mergeSightings } from '../merge.ts';
import { judgeable, lookAtCluster, type ClusterFound } from './cluster.ts';

type World = ReturnType<typeof threeTenants>;

interface Scanned {
  readonly source: ClusterFound['source'];
  readonly rungs: Readonly<Record<string, string>>;
  readonly facts: Facts;
  readonly findings: readonly Finding[];
}

async function scan(world: World, options: ClusterOptions = {}): Promise<Scanned> {
  const scanning = {
    host: clusterOf(world, options),
    node: process.execPath,
    openclaw: '/nowhere/openclaw.mjs',
    key: 'ab'.repeat(32),
    signal: new AbortController().signal,
  };
  const cluster = await lookAtCluster(scanning, '/k');
  const gateways = mergeSightings(cluster.pods.map(({ looked }) => looked));
  const { found, facts: seen } = judgeable(cluster, gateways, { trust: 'clients', layout: SAMPLE_LAYOUT, day: '2026-11-28' });
  const facts: Facts = { phase: 'observed', takenAt: '2026-11-28T00:00:00.000Z', trust: { default: 'clients', relations: [] }, risks: [], ...seen };
  const rungs = Object.fromEntries(found.map(({ gateway: { id }, standing }) => [id, standing.rung]));
  return { source: cluster.source, rungs, facts, findings: judge(facts) };
}

/** Whoever administers the cluster administers all of it: that is always told. */
const failures = ({ findings }: Scanned): readonly string[] =>
  findings.flatMap(({ id, verdict, tenants }) => (verdict === 'fail' && id !== 'host.admins' ? [`${id} ${tenants.join('+')}`] : []));

function spoiled(spoil: (pods: Record<'acme' | 'globex' | 'initech', PodShape>, world: World) => void): World {
  const world = threeTenants();
  const pod = (namespace: string): PodShape => podOfWorkload(workloadOf(world, namespace));
  spoil({ acme: pod('acme'), globex: pod('globex'), initech: pod('initech') }, world);
  return world;
}

/** globex beside acme in one namespace: with a claim, a Secret and a config of its own. */
function together(spoil: (pods: Record<'acme' | 'globex', PodShape>, world: World) => void = () => {}): World {
  return spoiled(({ acme, globex }, world) => {
    const { metadata } = workloadOf(world, 'globex');
    Object.assign(metadata, { namespace: 'acme', name: 'globex' });
    const config = world['/api/v1/namespaces/globex/configmaps/openclaw-config'];
    if (config !== undefined) world['/api/v1/namespaces/acme/configmaps/globex-config'] = config;
    rename(globex, 'globex');
    spoil({ acme, globex }, world);
  });
}

function rename(pod: PodShape, prefix: string): void {
  const text = JSON.stringify(pod).replaceAll('"openclaw-', `"${prefix}-`);
  Object.assign(pod, JSON.parse(text));
}

const first = (pod: PodShape): PodShape['containers'][number] => {
  const [container] = pod.containers;
  assert.ok(container !== undefined);
  return container;
};
const volume = (pod: PodShape, name: string, source: object): void => {
  pod.volumes = [...pod.volumes.filter((one) => one.name !== name), { name, ...source }];
};
const pinned = (pod: PodShape, node: string): void => {
  pod.nodeSelector = { 'kubernetes.io/hostname': node };
};

test('three gateways with nothing in common are found, stand on a rung of their own, and share nothing', async () => {
  const asked: string[] = [];
  const seen = await scan(threeTenants(), { asked });
  assert.deepEqual(seen.source, { what: 'Kubernetes', state: 'looked', detail: '3 gateways in cluster prod' });
  assert.deepEqual(seen.rungs, { acme: 'container', globex: 'container', initech: 'container' });
  assert.deepEqual(failures(seen), []);
  assert.deepEqual(
    seen.facts.tenants.map(({ host }) => host),
    ['cluster prod', 'cluster prod', 'cluster prod'],
  );
  assert.ok(!asked.some((words) => /\bsecrets\b/.test(words)), 'no Secret is asked for');
  assert.ok(asked.every((words) => / --cache-dir=\/dev\/null .*(?: get --raw \/| config view )/.test(words)));
});

test('nothing passes that could not be seen', async () => {
  const { findings, facts } = await scan(threeTenants());
  const passed = findings.filter(({ verdict, tenants }) => verdict === 'pass' && tenants.length > 0).map(({ id }) => id);
  const seen = ['os.root', 'os.shared-uid', 'os.systemd-unit-shared', 'policy.missing', 'boundary.quarantined', 'boundary.rung-too-low'];
  const ofNobody = ['api.openwebui-key-shared', 'backup.all-tenant-snapshot', 'backup.key-shared', 'host.shared-kernel'];
  const documents = ['doc.checklist-missing', 'doc.notisolated-missing', 'doc.overselling', 'doc.risk-unnamed'];
  assert.deepEqual(
    passed.filter((id) => ![...seen, ...ofNobody, ...documents].includes(id)),
    [],
  );
  const unsure = matrixOf(facts).filter(({ column, unique }) => unique === 'yes' && column !== 'port');
  assert.deepEqual(unsure, []);
});

test('what an operator made says of which resource it is; a resource without a workload is not judged', async () => {
  const seen = await scan(spoiled((_, world) => world['/apis/openclaw.example/v1/openclawinstances']?.items.push(lonely)));
  assert.equal(seen.source.state, 'partly');
  assert.match(seen.source.detail, /own no workload that was seen: openclawinstances\.openclaw\.example umbrella\/lonely/);
  const initech = seen.facts.tenants.find(({ tenant }) => tenant === 'initech');
  assert.match(initech?.paths.known === true ? initech.paths.source : '', /of openclawinstances\.openclaw\.example initech\/initech/);
  assert.ok(
    initech?.paths.known === true && initech.paths.value.some(({ role, real }) => role === 'state' && real === '/claim:initech/data-openclaw-0'),
  );
});
const lonely = { metadata: { name: 'lonely', namespace: 'umbrella', uid: 'u-lonely' }, spec: {} };

/** Title → what is spoiled, and what must be found, among perhaps more. */
const LEAKS: Readonly<Record<string, readonly [World, readonly string[]]>> = {
  'one claim': [
    together(({ globex }) => volume(globex, 'data', { persistentVolumeClaim: { claimName: 'openclaw-data' } })),
    ['state.dir-shared acme+globex', 'workspace.shared acme+globex', 'boundary.shared-gateway acme+globex'],
  ],
  'a part of the claim of another': [
    together(({ globex }) => {
      volume(globex, 'data', { persistentVolumeClaim: { claimName: 'openclaw-data' } });
      for (const mount of first(globex).volumeMounts) if (mount.name === 'data') mount.subPath = 'workspace/globex';
    }),
    ['path.nested globex+acme'],
  ],
  'the claim of another, mounted beside its own': [
    together(({ globex }) => {
      volume(globex, 'more', { persistentVolumeClaim: { claimName: 'openclaw-data' } });
      first(globex).volumeMounts.push({ name: 'more', mountPath: '/mnt/more' });
    }),
    ['path.bind-mount globex+acme'],
  ],
  'two claims on one disk': [
    spoiled((_, world) => {
      for (const { spec } of world['/api/v1/persistentvolumes']?.items ?? [])
        if (spec['csi'] !== undefined) spec['csi'] = { driver: 'd', volumeHandle: 'vol-1' };
    }),
    ['state.dir-shared acme+globex', 'path.bind-mount globex+acme'],
  ],
  'a claim on the export that another mounts': [
    spoiled(({ acme }) => volume(acme, 'data', { nfs: { server: 'files.example', path: '/exports/initech/' } })),
    ['state.dir-shared acme+initech'],
  ],
  'the export of another by a driver': [
    spoiled((_, world) => {
      const [volume] = world['/api/v1/persistentvolumes']?.items ?? [];
      const csi = {
        driver: 'nfs.csi.k8s.io',
        volumeHandle: 'x',
        volumeAttributes: { server: 'files.example', share: '/exports', subdir: 'initech' },
      };
      Object.assign(volume?.spec ?? {}, { csi });
    }),
    ['state.dir-shared acme+initech'],
  ],
  'one Secret': [
    together(({ globex }) => {
      for (const { valueFrom } of first(globex).env)
        if (valueFrom !== undefined) Object.assign(valueFrom, JSON.parse(JSON.stringify(valueFrom).replace('globex-', 'openclaw-')));
    }),
    ['token.gateway-shared acme+globex', 'channel.telegram-bot-shared acme+globex', 'secret.ref-shared acme+globex'],
  ],
  'the whole Secret of another among its variables': [
    together(({ globex }) => (first(globex).envFrom = [{ secretRef: { name: 'openclaw-secrets' } }])),
    ['secret.ref-shared acme+globex'],
  ],
  'one Secret for all variables of both': [
    together(({ acme, globex }) => {
      for (const pod of [acme, globex]) first(pod).envFrom = [{ secretRef: { name: 'common' } }];
    }),
    ['env.file-shared acme+globex', 'secret.ref-shared acme+globex'],
  ],
  'one key of a Secret, mounted': [
    together(({ acme, globex }) => {
      for (const pod of [acme, globex]) {
        volume(pod, 'keys', { secret: { secretName: 'keys', items: [{ key: 'anthropic', path: 'key' }] } });
        first(pod).volumeMounts.push({ name: 'keys', mountPath: '/keys' });
      }
    }),
    ['secret.ref-shared acme+globex'],
  ],
  'one token in plain text': [
    spoiled(({ acme, globex }) => {
      for (const pod of [acme, globex])
        first(pod).env = first(pod).env.map((one) =>
          one.name === 'OPENCLAW_GATEWAY_TOKEN' ? { name: one.name, value: 'the-same-0123456789abcdef' } : one,
        );
    }),
    ['token.gateway-shared acme+globex'],
  ],
  'one config': [
    together(({ globex }) => volume(globex, 'config', { configMap: { name: 'openclaw-config' } })),
    ['config.path-shared acme+globex', 'channel.allowlist-overlap acme+globex'],
  ],
  'one directory of a node': [
    spoiled(({ acme, globex }) => {
      for (const pod of [acme, globex]) volume(pod, 'data', { hostPath: { path: '/srv/openclaw/' } });
    }),
    ['state.dir-shared acme+globex'],
  ],
  'one directory of one node': [
    spoiled(({ acme, globex, initech }) => {
      for (const pod of [acme, globex]) volume(pod, 'data', { hostPath: { path: '/srv/openclaw' } });
      for (const pod of [acme, globex, initech]) pinned(pod, 'n1');
    }),
    ['state.dir-shared acme+globex'],
  ],
  'the socket of an engine': [
    spoiled(({ acme }) => {
      volume(acme, 'engine', { hostPath: { path: '/run/containerd/containerd.sock' } });
      first(acme).volumeMounts.push({ name: 'engine', mountPath: '/engine.sock' });
    }),
    ['container.socket-mounted acme'],
  ],
  'a privileged container': [spoiled(({ acme }) => (first(acme).securityContext['privileged'] = true)), ['container.privileged acme']],
  'a privileged container beside it': [
    spoiled(({ acme }) =>
      acme.containers.push({ ...first(acme), name: 'side', image: 'busybox', command: ['sleep'], securityContext: { privileged: true } }),
    ),
    ['container.privileged acme'],
  ],
  'processes of the node': [spoiled(({ acme }) => (acme['hostPID'] = true)), ['container.privileged acme']],
  'the network of the node': [
    spoiled(({ acme, globex }) => {
      for (const pod of [acme, globex]) pod['hostNetwork'] = true;
    }),
    ['net.container-network-shared acme', 'net.container-network-shared acme+globex', 'port.base-equal acme+globex', 'container.privileged acme'],
  ],
  'no network policy': [
    spoiled((_, world) => (world['/apis/networking.k8s.io/v1/networkpolicies'] = { items: [] })),
    ['net.container-network-shared acme+globex+initech'],
  ],
  'a tag instead of a digest': [spoiled(({ acme }) => (first(acme).image = 'ghcr.io/openclaw/openclaw:latest')), ['container.image-mutable acme']],
  'one user': [
    spoiled(({ acme, globex }) => (globex.securityContext['runAsUser'] = acme.securityContext['runAsUser'])),
    ['os.shared-uid acme+globex'],
  ],
  root: [spoiled(({ acme }) => (acme.securityContext['runAsUser'] = 0)), ['os.root acme']],
  'two gateways in one pod': [
    spoiled(({ acme }) => acme.containers.push({ ...first(acme), name: 'second' })),
    [
      'port.base-equal acme-gateway+acme-second',
      'state.dir-shared acme-gateway+acme-second',
      'net.container-network-shared acme-gateway+acme-second',
    ],
  ],
  'a config without tool policy': [
    spoiled((_, world) => {
      const config = world['/api/v1/namespaces/acme/configmaps/openclaw-config'];
      assert.ok(config !== undefined);
      config['data'] = { 'openclaw.json': JSON.stringify({ gateway: { bind: 'lan' } }) };
    }),
    ['policy.missing acme', 'net.bind-wide acme'],
  ],
};

for (const [title, [world, expected]] of Object.entries(LEAKS)) {
  test(`found: ${title}`, async () => {
    const found = failures(await scan(world));
    assert.deepEqual(
      expected.filter((one) => !found.includes(one)),
      [],
      `found: ${found.join(', ')}`,
    );
  });
}

const SEPARATE: Readonly<Record<string, World>> = {
  'side by side in one namespace that lets nothing in': together(),
  'one path on two nodes': spoiled(({ acme, globex, initech }) => {
    for (const [index, pod] of [acme, globex, initech].entries()) {
      if (index === 0) pod['nodeName'] = 'n0';
      else pinned(pod, `n${index}`);
      if (index < 2) volume(pod, 'data', { hostPath: { path: '/srv/openclaw' } });
    }
  }),
  'one number of a user, in user namespaces': spoiled(({ acme, globex }) => {
    for (const pod of [acme, globex]) Object.assign(pod, { hostUsers: false, securityContext: { ...pod.securityContext, runAsUser: 1000 } });
  }),
  'two keys of one Secret': together(({ acme, globex }) => {
    for (const [name, pod] of Object.entries({ acme, globex })) {
      volume(pod, 'keys', { secret: { secretName: 'keys', items: [{ key: name, path: 'key' }] } });
      first(pod).volumeMounts.push({ name: 'keys', mountPath: '/keys' });
    }
  }),
  'states in the pods themselves': spoiled(({ acme, globex }) => {
    for (const pod of [acme, globex]) volume(pod, 'data', { emptyDir: {} });
  }),
};

for (const [title, world] of Object.entries(SEPARATE)) {
  test(`not shared: ${title}`, async () => assert.deepEqual(failures(await scan(world)), []));
}

test('the rung falls with what the pod may do', async () => {
  const rungs = await scan(
    spoiled(({ acme, globex }) => {
      first(acme).securityContext['privileged'] = true;
      globex['hostPID'] = true;
    }),
  );
  assert.deepEqual(rungs.rungs, { acme: 'profile', globex: 'os-user', initech: 'container' });
});

test('a config that only seeded a volume is not taken for the one in use', async () => {
  const world = spoiled(({ acme }) => (first(acme).env = first(acme).env.filter(({ name }) => name !== 'OPENCLAW_CONFIG_PATH')));
  const acme = (await scan(world)).facts.tenants.find(({ tenant }) => tenant === 'acme');
  assert.match(
    acme?.settings.known === false ? acme.settings.why : '',
    /\.openclaw\/openclaw\.json of deployment acme\/openclaw .* lies in a volume/,
  );
  assert.ok(acme?.ports.known === false && acme.policy.known === false);
});

test('what runs without a controller, or under one that is not known, is found; what ended is not', async () => {
  const world = threeTenants();
  const pod = podOfWorkload(workloadOf(world, 'acme'));
  const made = (name: string, owner: string | undefined, phase: string): World[string]['items'][number] =>
    ({
      metadata: { name, namespace: 'umbrella', uid: name, ...(owner === undefined ? {} : { ownerReferences: [{ uid: owner, controller: true }] }) },
      spec: pod,
      status: { phase },
    }) as unknown as World[string]['items'][number];
  world['/api/v1/pods'] = {
    items: [
      made('bare', undefined, 'Running'),
      made('rollout-1', 'rollout', 'Running'),
      made('rollout-2', 'rollout', 'Running'),
      made('ended', undefined, 'Succeeded'),
      made('of-acme', workloadOf(world, 'acme').metadata.uid, 'Running'),
    ],
  };
  assert.deepEqual(Object.keys((await scan(world)).rungs).toSorted(), ['acme', 'bare', 'globex', 'initech', 'rollout-1']);
});

test('pages are put together, and a refusal is told', async () => {
  assert.equal(Object.keys((await scan(threeTenants(), { page: 1 })).rungs).length, 3);
  const refused = await scan(threeTenants(), { forbidden: (path) => path.endsWith('/networkpolicies') || path.endsWith('/statefulsets') });
  assert.equal(refused.source.state, 'partly');
  assert.match(refused.source.detail, /2 gateways in cluster prod; .*statefulsets is forbidden.*own no workload.*networkpolicies is forbidden/);
  const network = refused.findings.filter(({ id }) => id === 'net.container-network-shared');
  assert.deepEqual(
    network.map(({ verdict, message }) => [verdict, /could not be read/.test(message)]),
    [['unknown', true]],
  );
});

test('whoever may list one namespace only is shown that one, and told so', async () => {
  const everywhere = (path: string): boolean =>
    /^\/apis\/apps|^\/api\/v1\/(?:pods|namespaces$)|policies$/.test(path) && !path.includes('/namespaces/');
  const world = threeTenants();
  for (const [path, answer] of Object.entries(world)) {
    const [, group = '', resource = ''] = /^(\/apis?\/.*)\/([a-z]+)$/.exec(path) ?? [];
    if (answer.items !== undefined)
      world[`${group}/namespaces/acme/${resource}`] = { items: answer.items.filter(({ metadata }) => metadata.namespace === 'acme') };
  }
  const seen = await scan(world, { namespace: 'acme', forbidden: everywhere });
  assert.deepEqual(seen.rungs, { acme: 'container' });
  assert.equal(seen.source.state, 'partly');
  assert.match(seen.source.detail, /only the namespace acme was looked at for deployments/);
});

test('a cluster without gateways was looked at; one that cannot be asked was not', async () => {
  const none = threeTenants();
  for (const kind of ['deployments', 'statefulsets']) none[`/apis/apps/v1/${kind}`] = { items: [] };
  none['/apis/openclaw.example/v1/openclawinstances'] = { items: [] };
  assert.deepEqual((await scan(none)).source, { what: 'Kubernetes', state: 'looked', detail: 'cluster prod lists no gateway' });
  const refused = await scan(threeTenants(), { forbidden: () => true });
  assert.equal(refused.source.state, 'partly');
  assert.match(refused.source.detail, /^no gateway was seen in cluster prod; .*forbidden/);
});
