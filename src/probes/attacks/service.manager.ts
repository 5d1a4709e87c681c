/** A-P7: what starts and stops the victim's gateway, asked by the attacker. */
import { FILE_REFUSALS, defineProbe, type Side, type Step } from '../define.ts';
import { judgeHostThing } from '../judge.ts';

export const probe = defineProbe({
  id: 'service.manager',
  attack: 'A-P7',
  title: "One tenant commands what starts and stops another's gateway",
  does: 'Connects to Bulkhead’s supervisor and to the systemd of its own user, and asks the host’s systemd over the message bus for a change of the victim’s unit that changes nothing.',
  safe: 'Connections are closed at once; the one question names no property, so that a manager that would obey changes nothing either.',
  decoy: 'The attacker connects to a socket of its own that takes everybody, with the same code.',
  fix: 'Keep /run out of the tenant’s boundary (isolation os-user), and supervisor.sock at mode 0600; `bulkhead apply` restarts it so.',
  expected: [...FILE_REFUSALS, 'ECONNREFUSED'],
  severity: { team: 'info', clients: 'critical', adversarial: 'critical' },
  item: 'host-admins',
  vantage: 'inside',
  attempts: (_attacker, victim) => [
    manage(`${victim.host.runDir}/supervisor.sock`),
    // sd-bus and systemctl speak to these two.
    manage('/run/user/{uid}/systemd/private'),
    manage('/run/dbus/system_bus_socket', `${victim.service}.service`),
  ],
  positive: manageDecoy,
  positiveBy: 'attacker',
  negative: manageDecoy,
  judge: judgeHostThing,
});

function manageDecoy({ decoy }: Side): Step[] {
  return [manage(decoy.socket)];
}

function manage(path: string, unit?: string): Step {
  const label = unit === undefined ? `connect to ${path}` : `ask for ${unit} at ${path}`;
  return { label, action: { kind: 'manage', path, ...(unit === undefined ? {} : { unit }) } };
}
