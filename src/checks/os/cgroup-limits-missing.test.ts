import { cases } from '../testing/cases.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { partly } from '../testing/clean-os-facts.ts';

cases('os.cgroup-limits-missing', {
  ok: { 'half a processor': observedFacts({}, { acme: partly('surroundings', { cpus: 0.5 }) }) },
  ng: {
    memory: observedFacts({}, { acme: partly('surroundings', { memoryBytes: null }) }),
    processes: observedFacts({}, { acme: partly('surroundings', { pids: null }) }),
    processors: observedFacts({}, { acme: partly('surroundings', { cpus: null }) }),
  },
});
