import { cases } from '../testing/cases.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { inContainer, partly } from '../testing/clean-os-facts.ts';

const mount = { source: '/var/run/docker.sock', target: '/sock', writable: false };

cases('container.socket-mounted', {
  ok: {
    'a mount of its own state': observedFacts({}, { acme: inContainer({ mounts: [{ ...mount, source: '/srv/acme' }] }) }),
    'an engine of its own': observedFacts({}, { acme: partly('surroundings', { ownEngines: ['/run/engine/docker.sock'] }) }),
  },
  ng: {
    'a socket that it may open': observedFacts({}, { acme: partly('surroundings', { engineSockets: ['/run/podman/podman.sock'] }) }),
    'mounted under another name': observedFacts({}, { acme: inContainer({ mounts: [mount] }) }),
    'the directory in which it lies': observedFacts({}, { acme: inContainer({ mounts: [{ ...mount, source: '/run' }] }) }),
  },
});
