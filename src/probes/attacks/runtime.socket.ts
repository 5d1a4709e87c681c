/** A-C1: a container engine that takes orders from the attacker. Who commands one is root on the host. */
import { OWN_ENGINE } from '../attempts/engines.ts';
import { FILE_REFUSALS, NETWORK_REFUSALS, defineProbe, type Side, type Step } from '../define.ts';
import { judgeHostThing } from '../judge.ts';

const ENGINES = [
  'unix:///var/run/docker.sock',
  'unix:///run/podman/podman.sock',
  'unix:///run/containerd/containerd.sock',
  'unix:///run/crio/crio.sock',
  'tcp://127.0.0.1:2375',
  'tcp://127.0.0.1:2376',
  '$DOCKER_HOST',
  '$CONTAINER_HOST',
];

export const probe = defineProbe({
  id: 'runtime.socket',
  attack: 'A-C1',
  title: 'One tenant reaches the container engine of the host, and with it everything of another',
  does: 'Connects to the sockets of docker, podman, containerd and CRI-O, to the ports of docker on loopback and to what DOCKER_HOST names, and asks for `/_ping`. For a tenant with sandboxes DOCKER_HOST names an engine of its own: there the kernel is asked whether it runs among the tenant’s own processes.',
  safe: 'An engine is asked whether it is there; nothing is listed, made or changed.',
  decoy: 'The attacker connects to a socket of its own that answers everybody, with the same code.',
  fix: 'Take the socket out of the tenant’s boundary and its user out of the engine’s group; close the engine’s TCP port.',
  expected: [...FILE_REFUSALS, ...NETWORK_REFUSALS, 'NOT-SET', OWN_ENGINE],
  severity: { team: 'warn', clients: 'critical', adversarial: 'critical' },
  item: 'host-admins',
  vantage: 'inside',
  attempts: ({ sandboxed }) => ENGINES.map((at) => ask(at, undefined, sandboxed && at === '$DOCKER_HOST')),
  positive: askDecoy,
  positiveBy: 'attacker',
  negative: askDecoy,
  judge: (step, attempted, apart, probe) => {
    // Its own loopback: an engine there is either its own, or the host's by a relay. Nothing here can tell which.
    if (attempted.ok && apart.net && 'at' in step.action && step.action.at.startsWith('tcp:'))
      return { outcome: 'inconclusive', detail: `${step.label}: an engine answers on its own loopback; look whose it is` };
    return judgeHostThing(step, attempted, apart, probe);
  },
});

function askDecoy({ decoy }: Pick<Side, 'decoy'>): Step[] {
  return [ask(`unix://${decoy.socket}`, decoy.nonce)];
}

function ask(at: string, nonce?: string, own = false): Step {
  return { label: `engine at ${at}`, action: { kind: 'engine', at, ...(own ? { own } : {}) }, ...(nonce === undefined ? {} : { nonce }) };
}
