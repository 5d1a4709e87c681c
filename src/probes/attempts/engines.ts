/** Attempts on what rules the host: container engines and service managers. Each is asked how it is, or whether it would obey; none is given an order. */
import type { Action, Answer } from '../actions.ts';
import { SOCKET_PEER } from '../../core/socket-peer.ts';
import { connect, http, NETWORK_MS } from './network.ts';
import { runProgram } from './program.ts';

/** Who may connect to an engine's file may start a container that holds the whole host. On TCP anything could listen: it has to answer like an engine. */
export async function engine({ at, own }: Extract<Action, { kind: 'engine' }>): Promise<Answer> {
  const url = at.startsWith('$') ? (process.env[at.slice(1)] ?? '') : at;
  if (url === '') return { ok: false, code: 'NOT-SET' };
  const path = /^unix:\/\/(.+)$/.exec(url)?.[1];
  if (path !== undefined) {
    const reached = await connect({ path });
    if (!reached.ok) return reached;
    if (own === true && (await isWithin(path))) return { ok: false, code: OWN_ENGINE };
    const said = await http({ socketPath: path, path: '/_ping', ms: NETWORK_MS });
    return { ok: true, got: `${path} accepts it and says ${said.ok ? said.got.slice(0, 200) : said.code}` };
  }
  const [, host, port] = /^(?:tcp|https?):\/\/\[?([^\]/]+?)\]?:(\d+)\/?$/.exec(url) ?? [];
  if (host === undefined) return { ok: false, code: 'ERROR an address of another kind' };
  const said = await http({ host, port: Number(port), path: '/_ping', ms: NETWORK_MS });
  if (!said.ok) return said;
  return said.got.startsWith('HTTP 200 OK') ? { ok: true, got: `${host}:${port} answers like an engine` } : { ok: false, code: 'NOT-AN-ENGINE' };
}

/** What listens there is one of the processes that this one sees: its boundary's. A socket that was brought in from elsewhere has a listener that it does not. */
export const OWN_ENGINE = 'OWN-ENGINE';

async function isWithin(path: string): Promise<boolean> {
  const { code, stdout } = await runProgram('perl', ['-e', SOCKET_PEER, path]);
  return code === 0 && /^[1-9]\d* /.test(stdout);
}

/** A bus lets everybody connect, so there systemd is asked for the right to change a unit, by a change of nothing. */
export async function manage({ path, unit }: Extract<Action, { kind: 'manage' }>): Promise<Answer> {
  const socket = path.replace('{uid}', String(process.getuid?.()));
  const reached = await connect({ path: socket });
  if (!reached.ok) return reached;
  if (unit === undefined) return { ok: true, got: `${socket} accepts it` };
  const manager = ['org.freedesktop.systemd1', '/org/freedesktop/systemd1', 'org.freedesktop.systemd1.Manager'];
  // SetUnitProperties(name, runtime, no properties): org.freedesktop.systemd1(5).
  const words = [`--address=unix:path=${socket}`, '--timeout=5', 'call', ...manager, 'SetUnitProperties', 'sba(sv)', unit, 'true', '0'];
  const { code, stderr } = await runProgram('busctl', words);
  if (code === 0) return { ok: true, got: `systemd would change ${unit} for it` };
  const refused = /access denied|authentication required/i.test(stderr);
  return { ok: false, code: refused ? 'EACCES' : `ERROR busctl: ${code} ${stderr.trim().replaceAll(',', ' ').slice(0, 160)}` };
}
