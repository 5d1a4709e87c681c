/** The units of one service, rendered: pure text. Suffixes begin with `_`, which no service's name has, so units never collide. */
import { createHash } from 'node:crypto';
import type { Layout } from '../../core/blueprint.ts';
import type { Service } from '../../core/host.ts';
import { serviceDefinition } from '../definition.ts';
import { LOG_BYTES } from '../embedded/log.ts';
import { plainText, quoteCommand } from './quote.ts';

/** Everything a service may have, in the order in which it is installed. */
export const UNIT_SUFFIXES = [
  '_publish.socket',
  '_publish.service',
  '_guard.timer',
  '_guard.service',
  '_restore.service',
  '_close.service',
  '.service',
] as const;

export const MARK = 'X-Bulkhead';

/**
 * `UNIT WORD…`: puts the host pid of the boundary's pid 1 where a word says `{pid}`, and becomes the words; the listener stays fd 3. Perl,
 * because Node marks inherited descriptors close-on-exec.
 */
export const LAUNCH_FORWARDER = `use strict; use warnings; %ENV=(PATH=>'/usr/sbin:/usr/bin:/sbin:/bin',LISTEN_FDS=>1);
my $unit=shift @ARGV; open(my $s,'-|','systemctl','show','--property=MainPID','--value',$unit) or die "systemctl: $!\\n"; my $top=<$s>; close $s;
defined $top && $top=~/^([1-9]\\d*)$/ or die "$unit does not run\\n"; $top=$1;
sub ns { open(my $h,'<',"/proc/$_[0]/status") or return (); while(<$h>){ return $1=~/\\d+/g if /^NSpid:(.*)/ } () }
sub kids { my %k; opendir(my $d,'/proc') or die; for my $p (grep { /^\\d+$/ } readdir $d){ open(my $h,'<',"/proc/$p/stat") or next; my $l=<$h>; push @{$k{$1}},$p if defined $l && $l=~/\\) \\S (\\d+) [^)]*$/ } \\%k }
my $level=ns($top); my $first;
for(1..100){ my $k=kids(); my @g=@{$k->{$top}||[]};
for(1..4){ for my $p (@g){ my @n=ns($p); $first=$p if !defined $first && @n==$level+1 && $n[-1]==1 && $k->{$p} } @g=map { @{$k->{$_}||[]} } @g }
last if defined $first; select(undef,undef,undef,0.1) }
defined $first or die "no boundary below $top\\n"; s/\\{pid\\}/$first/g for @ARGV; exec {$ARGV[0]} @ARGV or die "$ARGV[0]: $!\\n"`;

/**
 * `FILE BYTES`: the log as the embedded supervisor keeps it, since systemd does not bound what it appends to: one older part beside it. The file is
 * the supervisor's; the tenant has a descriptor of it, by which it may have become huge and sparse: then it is cut without a copy.
 */
export const CUT_LOG = `use strict; use warnings; use Fcntl ':DEFAULT'; my($path,$most)=@ARGV; my @s=lstat $path; exit 0 unless @s && -f _ && $s[7]>$most;
sysopen(my $log,$path,O_RDWR|O_NOFOLLOW) or die "$path: $!\n";
if($s[7]<=4*$most){ unlink "$path.1"; sysopen(my $old,"$path.1",O_WRONLY|O_CREAT|O_EXCL,0600) or die "$path.1: $!\n"; my $part; while(sysread $log,$part,1<<20){ syswrite($old,$part) // last } }
truncate($log,0) or die "$path: $!\n"`;

const INIT_MOUNTS = ['/usr/bin/nsenter', '--target', '1', '--mount', '--'] as const;

export type Line = readonly [key: string, value: string | number];

/** SHA-256 (hex) of a service and of what its units say: units of an older Bulkhead are out of date even when the service is the same. */
export function unitsDefinition(service: Service): string {
  return digestOf(service, bodiesOf(service));
}

function digestOf(service: Service, bodies: ReadonlyMap<string, Body>): string {
  return createHash('sha256')
    .update(serviceDefinition(service) + JSON.stringify([...bodies]))
    .digest('hex');
}

function bodiesOf(service: Service): ReadonlyMap<string, Body> {
  const { name, publish, guard } = service;
  const bodies = new Map<string, Body>();
  if (publish !== undefined) {
    bodies.set(`${name}_publish.socket`, socketUnit(service, publish.port));
    bodies.set(`${name}_publish.service`, forwarderUnit(service, forwarderArgv(name, publish)));
  }
  if (guard !== undefined) for (const [suffix, body] of guardUnits(service, guard)) bodies.set(name + suffix, body);
  bodies.set(`${name}.service`, gatewayUnit(service));
  return bodies;
}

/** File name → text. Throws plain Error for text that no unit can hold. */
export function renderUnits(layout: Layout, service: Service): ReadonlyMap<string, string> {
  const bodies = bodiesOf(service);
  const marks: Line[] = [
    [MARK, plainText(`${layout.stateDir} ${service.tenant}`)],
    [`${MARK}-Definition`, digestOf(service, bodies)],
    [`${MARK}-Units`, [...bodies.keys()].join(' ')],
  ];
  return new Map([...bodies].map(([file, body]) => [file, seal(renderBody(body, marks))]));
}

export interface Body {
  readonly unit: readonly Line[];
  readonly sections: Readonly<Record<string, readonly Line[]>>;
}

export function renderBody(body: Body, marks: readonly Line[]): string {
  const section = (title: string, lines: readonly Line[]): string => `[${title}]\n${lines.map(([key, value]) => `${key}=${value}\n`).join('')}`;
  return [section('Unit', [...body.unit, ...marks]), ...Object.entries(body.sections).map(([title, lines]) => section(title, lines))].join('\n');
}

/** Adds a checksum, so that an edited unit is seen. */
export function seal(text: string): string {
  return text.replace('[Unit]\n', `[Unit]\n${MARK}-Sum=${createHash('sha256').update(text).digest('hex')}\n`);
}

export function sealHolds(text: string): boolean {
  const bare = text.replace(/^X-Bulkhead-Sum=.*\n/m, '');
  return text === seal(bare);
}

const OFF_SWITCH = [
  ['NoNewPrivileges', 'yes'],
  // No core dump, also not to a program that the kernel pipes it to: systemd.exec(5), fs/coredump.c.
  ['LimitCORE', 1],
  ['LockPersonality', 'yes'],
  ['RestrictRealtime', 'yes'],
  ['ProtectKernelModules', 'yes'],
  ['ProtectKernelLogs', 'yes'],
  // OpenClaw lists network interfaces, which needs AF_NETLINK.
  ['RestrictAddressFamilies', 'AF_UNIX AF_INET AF_INET6 AF_NETLINK'],
] as const satisfies readonly Line[];

function gatewayUnit(service: Service): Body {
  const { name, publish, guard, rebuild, limits } = service;
  const environment = Object.entries(service.environment).map(([key, value]) => `${key}=${value}`);
  // The forwarder too, not only when somebody connects: nobody sends a token to a port that nothing of the tenant's holds.
  const wants = [
    ...(publish === undefined ? [] : [`${name}_publish.socket`, `${name}_publish.service`]),
    ...(guard === undefined ? [] : [`${name}_guard.timer`]),
  ];
  return {
    unit: [
      ['Description', plainText(`Bulkhead boundary and OpenClaw gateway of ${service.tenant}`)],
      ['After', 'network.target'],
      ...(wants.length === 0 ? [] : [['Wants', wants.join(' ')] as const]),
      ['StartLimitIntervalSec', 0],
    ],
    sections: {
      Service: [
        ['Type', 'exec'],
        // Out of the unit's mount namespace, which systemd 252 makes even for `+`: a network namespace made in there is seen in there alone.
        ...(rebuild === undefined ? [] : [['ExecStartPre', `+${quoteCommand([...INIT_MOUNTS, ...rebuild])}`] as const]),
        ...(guard === undefined ? [] : [['ExecStartPre', quoteCommand(guard.check)] as const]),
        ['ExecStart', quoteCommand(['/usr/bin/env', '-i', ...environment, ...service.argv])],
        ['WorkingDirectory', plainText(service.workingDirectory)],
        ['StandardInput', 'null'],
        ['StandardOutput', `append:${plainText(service.logFile)}`],
        ['StandardError', `append:${plainText(service.logFile)}`],
        ['Restart', 'on-failure'],
        ['RestartSec', 5],
        ...(service.neverRestartExits.length === 0 ? [] : [['RestartPreventExitStatus', service.neverRestartExits.join(' ')] as const]),
        ['TimeoutStopSec', service.stopGraceSeconds],
        ['KillMode', 'mixed'],
        ['UMask', '0077'],
        ['Delegate', 'no'],
        ['MemoryMax', limits.memoryBytes],
        ['MemorySwapMax', 0],
        ['TasksMax', limits.pids],
        ['CPUQuota', `${Math.round(limits.cpus * 100)}%`],
        ...(service.gainsPrivileges === true ? OFF_SWITCH.filter(([name]) => name !== 'NoNewPrivileges') : OFF_SWITCH),
      ],
      Install: [['WantedBy', 'multi-user.target']],
    },
  };
}

function socketUnit({ name, tenant }: Service, port: number): Body {
  return {
    unit: [
      ['Description', plainText(`Bulkhead published port of ${tenant}`)],
      ['PartOf', `${name}.service`],
      ['After', `${name}.service`],
      // A socket comes before sockets.target, which comes before every service: a cycle, which systemd breaks at boot by starting less.
      ['DefaultDependencies', 'no'],
      ['Conflicts', 'shutdown.target'],
      ['Before', 'shutdown.target'],
    ],
    sections: {
      Socket: [
        ['ListenStream', `127.0.0.1:${port}`],
        ['Backlog', 128],
        ['Service', `${name}_publish.service`],
        ['TriggerLimitIntervalSec', 0],
      ],
    },
  };
}

/** The listener stays fd 3 through perl and env. */
function forwarderArgv(name: string, { argv, findsBoundary }: NonNullable<Service['publish']>): readonly [string, ...string[]] {
  if (findsBoundary === true) return ['/usr/bin/env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'LISTEN_FDS=1', ...argv];
  return ['/usr/bin/perl', '-e', LAUNCH_FORWARDER, `${name}.service`, ...argv];
}

function forwarderUnit({ name, tenant, logFile }: Service, argv: readonly string[]): Body {
  return {
    unit: [
      ['Description', plainText(`Bulkhead forwarder of ${tenant}`)],
      ['Requires', `${name}_publish.socket`],
      ['BindsTo', `${name}.service`],
      ['After', `${name}.service ${name}_publish.socket`],
      ['PartOf', `${name}.service`],
      ['StartLimitIntervalSec', 0],
    ],
    sections: {
      Service: [
        ['Type', 'exec'],
        ['ExecStart', quoteCommand(argv)],
        ['StandardInput', 'null'],
        ['StandardOutput', 'null'],
        ['StandardError', `append:${plainText(logFile)}`],
        ['Restart', 'on-failure'],
        ['RestartSec', 1],
        ['UMask', '0077'],
        ['TasksMax', 64],
        ...OFF_SWITCH,
      ],
    },
  };
}

/** The log is cut; check fails → restore, three times at most → the gateway is stopped. The manager's own lines about them stay out of the journal. */
function guardUnits({ name, tenant, logFile }: Service, guard: NonNullable<Service['guard']>): readonly (readonly [string, Body])[] {
  const quiet: Line = ['LogLevelMax', 'notice'];
  const unit = (what: string, ...more: Line[]): readonly Line[] => [['Description', plainText(`Bulkhead firewall of ${tenant}: ${what}`)], ...more];
  const stdin: Line[] =
    guard.restoreStdinFile === undefined ? [['StandardInput', 'null']] : [['StandardInput', `file:${plainText(guard.restoreStdinFile)}`]];
  return [
    [
      '_guard.timer',
      {
        // It looks only while the gateway runs: before, nothing is rebuilt yet, and three failed restores would stop the gateway.
        unit: unit('clock', ['BindsTo', `${name}.service`], ['After', `${name}.service`], ['PartOf', `${name}.service`]),
        sections: {
          Timer: [
            ['OnActiveSec', 1],
            ['OnUnitInactiveSec', '2s'],
            ['AccuracySec', '100ms'],
            ['Unit', `${name}_guard.service`],
          ],
        },
      },
    ],
    [
      '_guard.service',
      {
        unit: unit('check', ['OnFailure', `${name}_restore.service`], ['StartLimitIntervalSec', 0]),
        sections: {
          Service: [
            ['Type', 'oneshot'],
            // A log that cannot be cut is no reason to stop a gateway.
            ['ExecStartPre', `-${quoteCommand(['/usr/bin/perl', '-e', CUT_LOG, logFile, String(LOG_BYTES)])}`],
            ['ExecStart', quoteCommand(guard.check)],
            ['TimeoutStartSec', 10],
            quiet,
          ],
        },
      },
    ],
    [
      '_restore.service',
      {
        unit: unit('restore', ['OnFailure', `${name}_close.service`], ['StartLimitIntervalSec', 20], ['StartLimitBurst', 3]),
        sections: {
          Service: [
            ['Type', 'oneshot'],
            ...stdin,
            ['ExecStart', quoteCommand(guard.restore)],
            ['ExecStartPost', quoteCommand(guard.check)],
            ['Restart', 'on-failure'],
            ['RestartSec', 1],
            ['TimeoutStartSec', 10],
          ],
        },
      },
    ],
    [
      '_close.service',
      {
        unit: unit('stop the gateway', ['StartLimitIntervalSec', 0]),
        sections: {
          Service: [
            ['Type', 'oneshot'],
            ['ExecStart', quoteCommand(['systemctl', 'stop', `${name}.service`])],
          ],
        },
      },
    ],
  ];
}
