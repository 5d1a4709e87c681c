/** Every command. */
import type { CliContext } from './context.ts';
import { decide, init, place, plan, schema, show } from './routes/declare.ts';
import { quarantine, release, revoke, rotate } from './routes/incident.ts';
import { policy } from './routes/policy.ts';
import { adopt, apply, demo, exec, image, install, logs, remove, restart, start, status, stop } from './routes/run.ts';
import { channels, checklist, explain, scan, verify } from './routes/prove.ts';
import { secrets } from './routes/secrets.ts';
import { hosts } from './routes/hosts.ts';

/** In the order in which `--help` lists them. */
export const routes = {
  init,
  decide,
  schema,
  secrets,
  hosts,
  place,
  plan,
  adopt,
  apply,
  status,
  verify,
  scan,
  channels,
  checklist,
  explain,
  show,
  policy,
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
  image,
  demo,
};

export type Routes = typeof routes;
export type { CliContext };
