/** Why a host could not be reached, in the operator's terms, and what to type next. Texts as OpenSSH 9 and sudo 1.9 say them. */
import { BulkheadError } from '../core/error.ts';
import type { NoConnection } from './far-end.ts';
import type { SshHostOptions } from './ssh.ts';

type Options = Pick<SshHostOptions, 'id' | 'destination' | 'become' | 'config'>;

interface Reason {
  readonly when: RegExp;
  readonly what: (options: Options) => string;
  readonly hint: (options: Options) => string;
}

const typed = ({ destination, config }: Options): string => `ssh ${config === undefined ? '' : `-F ${config} `}${destination}`;

const REASONS: readonly Reason[] = [
  {
    when: /REMOTE HOST IDENTIFICATION HAS CHANGED|host key for .* has changed|POSSIBLE DNS SPOOFING/i,
    what: () => 'its host key is not the one that is known: somebody may be in between, or it was installed anew',
    hint: (options) => `find out which; then, if it was installed anew: ssh-keygen -R HOST, and once by hand: ${typed(options)}`,
  },
  {
    when: /Host key verification failed|No \S+ host key is known/i,
    what: () => 'its host key is not known, and Bulkhead accepts none by itself',
    hint: (options) => `once by hand, comparing the fingerprint that it shows: ${typed(options)}`,
  },
  {
    when: /Permission denied \(|Too many authentication failures|No more authentication methods/i,
    what: () => 'it does not let you in with the keys that ssh offers',
    hint: (options) => `see that this logs in without asking for anything: ${typed(options)} true`,
  },
  {
    when: /Could not resolve hostname/i,
    what: () => 'its name is not known',
    hint: ({ id }) => `mend hosts.${id}.ssh, or ~/.ssh/config`,
  },
  {
    when: /sudo: .*(password|terminal|tty)|sudo: sorry|not in the sudoers|not allowed to execute/i,
    what: () => 'sudo there asks for a password, or does not let this user be root',
    hint: ({ id, destination }) => `on ${id}, in a file of /etc/sudoers.d: ${userOf(destination)} ALL=(ALL) NOPASSWD: ALL`,
  },
  {
    when: /sudo: (?:command )?not found|sudo: No such file|sudo: can't cd|exec: sudo/i,
    what: () => 'there is no sudo on it',
    hint: ({ id }) => `on ${id}: apt-get install sudo; or log in as root and leave out hosts.${id}.become`,
  },
  {
    when: /perl: (?:command )?not found|perl: No such file|exec: perl/i,
    what: () => 'there is no perl on it',
    hint: ({ id }) => `on ${id}: apt-get install perl-base`,
  },
];

/** BulkheadError `host`. */
export function whyNoConnection(options: Options, cause: NoConnection): BulkheadError {
  const known = REASONS.find(({ when }) => when.test(cause.said));
  if (known !== undefined)
    return new BulkheadError('host', `host ${options.id} cannot be used: ${known.what(options)}`, known.hint(options), { cause });
  if (/ENOENT/.test(cause.said) && cause.exit === null)
    return new BulkheadError('host', 'there is no ssh on this machine', 'apt-get install openssh-client', { cause });
  const how = cause.said.trim() === '' ? new Error(`ssh ended with ${cause.exit} and said nothing`) : cause;
  return new BulkheadError('host', `host ${options.id} cannot be reached`, `see what stands in the way: ${typed(options)} -v true`, { cause: how });
}

export function notRoot({ id, become }: Options, uid: number): BulkheadError {
  const hint = become === 'root' ? `in the manifest: hosts.${id}.become: sudo; or log in as root` : `on ${id}: see what sudo -n id says`;
  return new BulkheadError('host', `host ${id} cannot be used: commands would run there as uid ${uid}, not as root`, hint);
}

function userOf(destination: string): string {
  return /^(?:ssh:\/\/)?([^@]+)@/.exec(destination)?.[1] ?? 'USER';
}
