/**
 * A container of the tenant's own Docker. The engine is the one that sandboxes have (`os-user/engine.ts`), in a root like that of an `os-user` tenant, and runs
 * this one container; all that it keeps lies in memory that only it has. The image is the directory of root's that a rootless Podman has, too.
 */
import type { Blueprint, Layout } from '../../core/blueprint.ts';
import { asEngine, COUNT, engineDirectories, firstOf, startBefore, STORE_INSIDE } from '../os-user/engine.ts';
import { KEEP_LINKS } from '../os-user/engine-programs.ts';
import { boundaryArgv, passagesTo } from '../os-user/filesystem.ts';
import { joinFiles } from '../os-user/limits.ts';
import { boundaryDir, userOf } from '../os-user/names.ts';
import type { OsUserObserved } from '../os-user/observer.ts';
import { RUN_WITH_ENGINE } from '../os-user/programs.ts';

/** Of links alone; made anew whenever the engine starts, in a store that nobody else may write to. */
export const LINKS_IMAGE = 'localhost/bulkhead/links';
/** What of the image's first level is mounted: the rest of it is links, or empty. */
const MOUNTED = ['/usr', '/etc', '/var'];

/**
 * A runtime for Docker: runc, in the network of the engine, which is the tenant's. Docker itself gives a container a network of its own or enters the
 * host's, and to enter is for whoever owns that namespace (setns(2)): it is root's, and stays so. Taken out of the container's config are the new
 * namespace, the hook that would plug it in, and what is set for it. Where it does not find each of them once it starts nothing, and says so in runc's
 * log, which containerd reads.
 */
export const RUNC_HERE = String.raw`#!/usr/bin/perl
use strict; use warnings; my ($file,$log); for(0..$#ARGV-1){ $file="$ARGV[$_+1]/config.json" if $ARGV[$_] eq '--bundle'; $log=$ARGV[$_+1] if $ARGV[$_] eq '--log' }
sub refuse { my $why=shift; if(defined $log && open(my $l,'>>',$log)){ print $l qq({"level":"error","msg":"$why"}\n); close $l } die "$why\n" }
if(defined $file){ open(my $h,'<',$file) or refuse("$file: $!"); local $/; my $config=<$h>; close $h;
for(['its own network',qr/,\{"type":"network"\}(?=[,\]])/],['a hook',qr/"hooks":\{"prestart":\[\{"path":"\/proc\/\d+\/exe","args":\["libnetwork-setkey",[^\]]*\]\}\]\},/],['a setting',qr/"sysctl":\{"net\.[^{}]*\},/]){
my ($what,$text)=@$_; my $times=$config=~s/$text//g; $times==1 or refuse("this Docker gives a container $what in another way than 20.10 does") }
open($h,'>',$file) && (print $h $config) && close($h) or refuse("$file: $!") }
exec 'runc',@ARGV or refuse("runc: $!")`;

/** 65536 ids that are no user's: the engine's root is the first, and devpts wants the group 5. */
export function subordinatesOf(observed: OsUserObserved): { readonly first: number; readonly count: number } {
  return { first: firstOf(observed), count: COUNT };
}

/** The whole of the service: `run` are the words after `docker`, `root` is the image. */
export function dockerArgv(
  blueprint: Blueprint,
  layout: Layout,
  observed: OsUserObserved,
  { root, run }: { readonly root: string; readonly run: readonly string[] },
): readonly [string, ...string[]] {
  const etc = boundaryDir(blueprint, layout);
  const readable = [root, etc];
  const binds = [...engineDirectories(), ...passagesTo(readable), ...readable.flatMap((path) => ['--ro-bind', path, path])];
  const first = firstOf(observed);
  const engine = {
    // Its own root: what gets out of the container is the tenant's user, and may not ask it.
    asker: { outside: first, inside: 0 },
    mounts: [['-t', 'tmpfs', '-o', `nosuid,nodev,uid=${first},gid=${first},mode=0710,size=64m`, 'tmpfs', STORE_INSIDE]],
    keep: [KEEP_LINKS, LINKS_IMAGE, root, RUNC_HERE],
    // Of links there is nothing to copy, and no kernel is asked for an overlay.
    daemon: ['--storage-driver=vfs', '--add-runtime=runc-here=/run/engine/runtime', '--default-runtime=runc-here'],
  };
  return [
    '/usr/bin/perl',
    '-e',
    RUN_WITH_ENGINE,
    // See os-user/service.ts.
    '--',
    ...joinFiles(blueprint, layout, observed),
    '--',
    'nsenter',
    `--net=/run/netns/${userOf(blueprint).namespace}`,
    '--',
    ...boundaryArgv(blueprint, layout, observed, binds),
    ...startBefore(observed, engine, [...asEngine(observed), 'docker', ...run]),
  ];
}

/** What is mounted of the image, source and target. The install may lie in one of the others: it is mounted all the same. */
export function imageMounts(root: string, { install }: Blueprint): readonly (readonly [string, string])[] {
  return [...MOUNTED, install.root].map((path) => [`${root}${path}`, path] as const);
}
