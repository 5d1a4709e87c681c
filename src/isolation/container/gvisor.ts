/**
 * A container that Docker starts with gVisor (`runtime: runsc`): what differs where its processes are none of this kernel's. Its sockets are, with runsc's
 * `--network=host`, which means the network namespace that Docker gave the container.
 */
import type { Blueprint } from '../../core/blueprint.ts';
import type { Command, Program } from '../../core/command.ts';
import { BulkheadError } from '../../core/error.ts';
import { RUNTIMES } from '../../core/words.ts';
import { fromNothing } from '../os-user/enter.ts';
import type { OsUserObserved } from '../os-user/observer.ts';
import { forwarderArgv } from '../os-user/service.ts';
import type { ContainerObserved } from './observe.ts';

const NETWORK = '--network=host';
const DEFAULT_TIMEOUT_MS = 60_000;

/** By what the engine says of the container that is there, not by what is declared. */
export function isGvisor({ container }: ContainerObserved): boolean {
  return RUNTIMES.some((runtime) => runtime === container?.runtime);
}

/** Throws BulkheadError `apply` where Docker does not know the runtime, or does not start it with the network that it needs. */
export function refuseRuntime({ tenant, host, runtime }: Blueprint, { engine, runtimes }: ContainerObserved): void {
  if (runtime === undefined) return;
  const known = runtimes?.[runtime];
  if (known?.words.includes(NETWORK) === true) return;
  const lacks = known === undefined ? `knows no runtime ${runtime}` : `starts the runtime ${runtime} without ${NETWORK}`;
  const entry = JSON.stringify({ runtimes: { [runtime]: { path: known?.path || `/usr/bin/${runtime}`, runtimeArgs: [NETWORK] } } });
  throw new BulkheadError(
    'apply',
    `${tenant} on ${host}: ${engine} ${lacks}`,
    `apt-get install ${runtime}, in /etc/docker/daemon.json ${entry}, then systemctl reload docker`,
  );
}

/**
 * By the engine, since nsenter(1) gets no further than the sandbox. The end of its client is not the program's: that has an end of its own. The program's
 * privileges are the container's, so none, and it starts from nothing as the gateway does.
 */
export function enterGvisor(blueprint: Blueprint, { engine, base, container }: ContainerObserved, program: Program): Command {
  if (container === null || container.pid === 0 || base.user === null)
    throw new BulkheadError('apply', `${blueprint.tenant} on ${blueprint.host}: its boundary is not up`, `bulkhead start ${blueprint.tenant}`);
  const { env, argv, timeoutMs = DEFAULT_TIMEOUT_MS, ...rest } = program;
  const environment = { ...blueprint.environment, ...env };
  const end = ['/usr/bin/timeout', '--kill-after=5', String(Math.ceil(timeoutMs / 1000))];
  const drop = fromNothing(blueprint, base, { environment, directory: blueprint.paths.workspace });
  return { ...rest, timeoutMs, argv: [engine, 'exec', '--interactive', container.id, ...end, ...drop, ...argv] };
}

/** `FILE…`: databases get the journal that gVisor's files allow. One that cannot be changed is told to the gateway's log; the gateway then says what it lacks. */
const CHANGE_JOURNALS = `const { DatabaseSync } = require('node:sqlite');
for (const file of process.argv.slice(1)) {
  try {
    const database = new DatabaseSync(file);
    database.exec('PRAGMA journal_mode = DELETE');
    database.close();
    console.error('bulkhead: ' + file + ' was written by a gateway outside of gVisor: its journal is one that works here now');
  } catch (error) {
    console.error('bulkhead: ' + file + ': ' + error);
  }
}`;

/** `DIR NODE PROGRAM COMMAND…`: gives NODE the databases below DIR whose header says that they have a write-ahead log (sqlite.org/fileformat2.html, 1.3.3), if any, then becomes COMMAND. */
const BEFORE_GATEWAY = String.raw`use strict; use warnings; my ($dir,$node,$program,@command)=@ARGV; my @found; my @left=([$dir,0]); my $seen=0;
while(my $next=shift @left){ my ($in,$depth)=@$next; opendir(my $d,$in) or next; for my $name (sort readdir $d){ next if $name eq '.' || $name eq '..' || ++$seen>50000; my $path="$in/$name";
next if -l $path; if(-d _){ push @left,[$path,$depth+1] if $depth<10; next } next unless -f _ && $name=~/\.sqlite$/; open(my $f,'<',$path) or next; my $got=read($f,my $head,20);
push @found,$path if $got && $got==20 && substr($head,0,16) eq "SQLite format 3\0" && substr($head,18,2) eq "\2\2" } }
system $node,'--disable-warning=ExperimentalWarning','-e',$program,'--',@found if @found; exec {$command[0]} @command; die "$command[0]: $!
"`;

/**
 * OpenClaw does without a write-ahead log where files are another machine's, as gVisor's seem to be, and cannot give one up while its own processes have
 * the database open: "database is locked", at every start. A tenant that ran elsewhere before has such databases.
 */
export function withOwnJournals({ runtime, paths, install }: Blueprint, gateway: readonly string[]): readonly string[] {
  if (runtime === undefined) return gateway;
  return ['/usr/bin/perl', '-e', BEFORE_GATEWAY, paths.state, install.node, CHANGE_JOURNALS, ...gateway];
}

/** What hands the published port on: as the tenant's user in the container's network, since only that can be entered; among the host's files. */
export function forwarderBesideGvisor(blueprint: Blueprint, base: OsUserObserved): readonly string[] {
  const pid = '{container}';
  return forwarderArgv(blueprint, base, pid, ['nsenter', '-t', pid, '--net', '--']);
}
