/** A-F3: a program of the attacker's in the place of what runs the victim. */
import { BY_TRUST, canaryOf, defineProbe, type Step } from '../define.ts';
import { judgeHostThing } from '../judge.ts';

export const probe = defineProbe({
  id: 'service.replace',
  attack: 'A-F3',
  title: "One tenant can put its own program in the place of what runs another's gateway",
  does: 'As the attacker’s OS user outside its namespaces, asks the kernel whether it may write the Node and the OpenClaw that the victim runs, its unit and what is added to it, its definition, the supervisor’s program, or a directory above them.',
  safe: 'Asks for the right to write (access(2)); nothing is opened, made, renamed or removed.',
  decoy: 'The attacker asks the same of its own readable decoy, which it may write.',
  fix: 'Give the files and every directory above them to root, writable by nobody else; `bulkhead install` puts OpenClaw where only root writes.',
  expected: ['EACCES', 'EPERM', 'EROFS', 'ENOENT'],
  severity: BY_TRUST,
  item: 'host-admins',
  vantage: 'user',
  attempts: (_attacker, { host, service, code }) =>
    [
      ...code,
      `/etc/systemd/system/${service}.service`,
      `/etc/systemd/system/${service}.service.d/bulkhead-probe.conf`,
      `${host.stateDir}/supervisor/services/${service}.json`,
      `${host.stateDir}/supervisor/program/daemon.mjs`,
    ].map(replace),
  positive: (self) => [replace(canaryOf(self, 'state'))],
  negative: ({ decoy }) => [replace(`${decoy.directory}/canary`)],
  judge: judgeHostThing,
});

function replace(path: string): Step {
  return { label: `replace ${path}`, action: { kind: 'replace', path } };
}
