/** Two tenants reach one agent or keychain of a session. */
import { defineCheck } from '../../core/check.ts';
import { sharing } from '../join.ts';
import { sharedPlaces } from '../places.ts';

export const check = defineCheck({
  id: 'keychain.shared',
  title: 'Two tenants reach one keychain or agent',
  why: 'Keys and logins that it holds serve both, whoever put them there.',
  fix: 'Give each tenant a session of its own, or none: take the variables out of its environment.',
  how: 'Sockets and directories that the variables name (session bus, ssh-agent, GnuPG, runtime directory) are compared by real path and object.',
  source: 'dbus-daemon(1), ssh-agent(1), gpg-agent(1), pam_systemd(8)',
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  needs: ['places'],
  phases: ['desired', 'observed'],
  item: 'state-directory',
  *judge(facts) {
    for (const group of sharedPlaces(facts, (what) => what.startsWith('session:'))) yield sharing(group, 'a keychain or agent');
  },
});
