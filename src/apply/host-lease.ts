/** One who changes a machine at a time, also of those who have different state files: a lock that the machine itself keeps, for as long as the connection lasts. */
import type { Layout } from '../core/blueprint.ts';
import { BulkheadError } from '../core/error.ts';
import type { Host } from '../core/host.ts';

/**
 * Holds the lock of the file that it is given and prints `held`; prints who has it and ends with 75 when somebody does. A file that is no longer
 * the one under its name was let go of meanwhile: it tries again.
 */
const HOLD = `use Fcntl qw(:DEFAULT :flock);$|=1;my($f,$who)=@ARGV;my $h;
for(;;){sysopen($h,$f,O_RDWR|O_CREAT|O_NOFOLLOW,0600) or die "$f: $!\\n";
if(!flock($h,LOCK_EX|LOCK_NB)){my $l=<$h>;print "by ",$l//"somebody","\\n";exit 75}
my @a=stat $h;my @b=lstat $f;last if @b&&$a[1]==$b[1]&&$a[0]==$b[0]}
$SIG{TERM}=$SIG{HUP}=$SIG{INT}=sub{unlink $f;exit 0};truncate $h,0;syswrite $h,$who;print "held\\n";sleep 3600 while 1;`;
const BUSY = 75;
const LONGEST_MS = 6 * 3_600_000;

export interface HostLease {
  readonly host: Host;
  readonly layout: Pick<Layout, 'instance'>;
  /** For whoever comes meanwhile, one line: `root@ops runs bulkhead apply (pid 4711)`. */
  readonly holder: string;
}

/** Throws BulkheadError `lease` when somebody changes this host right now. On the operator's own machine the state file's lease is enough. */
export async function withHostLease<T>({ host, layout, holder }: HostLease, body: () => Promise<T>, signal: AbortSignal): Promise<T> {
  if (host.id === 'local') return await body();
  const release = await hold({ host, layout, holder }, signal);
  try {
    return await body();
  } finally {
    await release();
  }
}

async function hold({ host, layout, holder }: HostLease, signal: AbortSignal): Promise<() => Promise<void>> {
  const end = new AbortController();
  const argv = ['perl', '-e', HOLD, `/run/bulkhead-${layout.instance}.lease`, holder.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 200)] as const;
  let other = 'somebody';
  const { promise: held, resolve, reject } = Promise.withResolvers<void>();
  const onLine = (line: string): void => {
    if (line === 'held') resolve();
    else if (line.startsWith('by ')) other = line.slice(3);
  };
  const command = { title: `hold the lease of ${host.id}`, argv: [...argv] as [string, ...string[]], timeoutMs: LONGEST_MS };
  const ended = host.stream(command, onLine, AbortSignal.any([signal, end.signal])).then(
    ({ exit, stderr }) => reject(exit === BUSY ? busy(host.id, other) : cannot(host.id, stderr)),
    (error: unknown) => reject(error),
  );
  await held;
  return async () => {
    end.abort();
    await ended;
  };
}

function busy(host: string, other: string): BulkheadError {
  return new BulkheadError(
    'lease',
    `${host} is being changed by somebody else: ${other.slice(0, 200)}`,
    'wait until that has ended, then run it again',
  );
}

function cannot(host: string, said: string): BulkheadError {
  return new BulkheadError('host', `${host}: its lease cannot be held: ${said.trim().slice(0, 200)}`, `bulkhead hosts check ${host}`);
}
