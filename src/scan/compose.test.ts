import assert from 'node:assert/strict';
import { test } from 'node:test';
import { composeSightings } from './compose.ts';

const text = `services:
  acme:
    image: ghcr.io/openclaw/openclaw:\${TAG:-2026.9.6}
    privileged: true
    volumes: [./acme:/home/node/.openclaw, "/srv/globex:/mnt:ro", named:/x]
    ports: ["127.0.0.1:19100:18789"]
    environment: { OPENCLAW_GATEWAY_TOKEN: not-told-0123456789 }
  web: { image: nginx }
`;

test('a service with OpenClaw is a gateway, in paths of the host', () => {
  const [acme, ...rest] = composeSightings({ path: '/srv/deploy/compose.yml', text }, 'ab'.repeat(32));
  assert.equal(rest.length, 0);
  assert.deepEqual(acme?.container?.fact.mounts, [
    { source: '/srv/deploy/acme', target: '/home/node/.openclaw', writable: true },
    { source: '/srv/globex', target: '/mnt', writable: false },
    { source: 'named', target: '/x', writable: true },
  ]);
  assert.deepEqual(
    [acme?.container?.fact.image, acme?.container?.fact.privileged, acme?.container?.publishedPort],
    ['ghcr.io/openclaw/openclaw:2026.9.6', true, 19_100],
  );
  assert.ok(acme?.launch.known);
  assert.equal(acme.launch.value.environment['OPENCLAW_STATE_DIR'], '/srv/deploy/acme');
  assert.equal(acme.launch.value.environment['HOME'], '/container:acme/home/node', 'what is not mounted is the container’s own');
  assert.ok(!JSON.stringify(acme).includes('not-told'));
});

test('a state that is not mounted is not looked for on the host', () => {
  const [one] = composeSightings({ path: '/c.yml', text: 'services: { a: { image: openclaw } }' }, 'ab'.repeat(32));
  assert.ok(one !== undefined && !one.launch.known);
  assert.match(one.launch.why, /lies in the container itself/);
});

test('anything else throws', () => assert.throws(() => composeSightings({ path: '/c.yml', text: 'services: [1]' }, 'ab'.repeat(32))));
