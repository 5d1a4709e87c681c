/** Every command. */
import type { CliContext } from './context.ts';
import { decide, init, plan, schema, show } from './routes/declare.ts';
import { apply, demo, exec, install, logs, quarantine, release, remove, restart, revoke, rotate, start, status, stop } from './routes/run.ts';
import { checklist, explain, scan, verify } from './routes/prove.ts';

/** In the order in which `--help` lists them. */
export const routes = {
  init,
  decide,
  schema,
  plan,
  apply,
  status,
  verify,
  scan,
  checklist,
  explain,
  show,
  exec,
  logs,
  start,
  stop,
  restart,
  rotate,
  revoke,
  quarantine,
  release,
  remove,
  install,
  demo,
};

export type Routes = typeof routes;
export type { CliContext };
