/** An attempt to become a device that a gateway trusts. The key is made for it and forgotten; what came of it is removed. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { Answer, Pairing } from '../actions.ts';
import { GATEWAY_MS } from './network.ts';
import { call } from './session.ts';
import { converse, type Fields, fields } from './converse.ts';

/** How a device of ours calls itself, so that whoever it is left with can tell. */
export const DEVICE = 'bulkhead probe';

const OURS = new RegExp(`^${DEVICE} [0-9a-f]{8}$`);

const PAIRED: Answer = { ok: true, got: 'the gateway paired a device that nobody approved' };

/** The handshake of a new device (protocol 4, openclaw 2026.9.6 docs/gateway/protocol/auth.md): a gateway that takes it for local pairs it silently. */
export async function pair(pairing: Pairing, ownToken: string): Promise<Answer> {
  const answer = await shakeHands(pairing, ownToken);
  // What a gateway says that was still loading when its own time for a handshake was up.
  const wasSlow = pairing.own === true && !answer.ok && answer.code === 'WS 1000';
  return wasSlow ? await shakeHands(pairing, ownToken) : answer;
}

function shakeHands({ host, port, own, name }: Pairing, ownToken: string): Promise<Answer> {
  const token = own === true ? ownToken : undefined;
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = publicKey.export({ format: 'jwk' }).x ?? '';
  const id = createHash('sha256').update(Buffer.from(key, 'base64url')).digest('hex');
  return new Promise((resolve) => {
    let state: 'new' | 'asked' | 'paired' = 'new';
    const timer = setTimeout(() => end({ ok: false, code: 'TIMEOUT' }), GATEWAY_MS);
    const end = (answer: Answer): void => {
      clearTimeout(timer);
      connection.leave();
      // What it was asked for it may still do.
      const late = own === true && state === 'asked' && !answer.ok;
      void (late ? removeDevices(port, ownToken, `${DEVICE} ${name}`) : Promise.resolve([])).then(() => resolve(answer));
    };
    const send = (method: string, params: Fields): void => connection.say({ type: 'req', id: method, method, params });
    const heard = (frame: Fields): void => {
      if (frame['event'] === 'connect.challenge') {
        const { nonce, ts } = fields(frame['payload']);
        const said = ['v2', id, 'cli', 'cli', 'operator', 'operator.pairing', String(ts), token ?? '', String(nonce)].join('|');
        const device = { id, publicKey: key, signature: sign(null, Buffer.from(said), privateKey).toString('base64url'), signedAt: ts, nonce };
        state = 'asked';
        send('connect', { ...introduction(`${DEVICE} ${name}`), device, ...(token === undefined ? {} : { auth: { token } }) });
      }
      if (frame['type'] !== 'res') return;
      if (frame['id'] !== 'connect') return end(PAIRED);
      const codes = codesOf(frame['error']);
      if (frame['ok'] === true) {
        state = 'paired';
        send('device.pair.remove', { deviceId: id });
      } else if (codes.includes('PAIRING_REQUIRED')) end({ ok: true, got: 'the gateway keeps a device for approval' });
      else end({ ok: false, code: `WS ${codes}` });
    };
    // A device that is removed is sent away, at times before it is told.
    const ended = (status: number): void => end(state === 'paired' ? PAIRED : { ok: false, code: `WS ${status}` });
    const connection = converse({ host, port, timeoutMs: GATEWAY_MS }, { heard, ended, failed: () => end({ ok: false, code: 'WS-ERROR' }) });
  });
}

/** Devices of ours that a gateway paired or keeps for approval, by their names. */
export async function ourDevices(port: number, token: string): Promise<readonly string[]> {
  return (await listed(port, token)).map(({ name }) => name);
}

/** Those called so, without a name all of ours; gives their names. What was asked for by an earlier connection may come after it: a holder does it once more. */
export async function removeDevices(port: number, token: string, name?: string): Promise<readonly string[]> {
  const devices = (await listed(port, token)).filter((device) => name === undefined || device.name === name);
  for (const { remove } of devices) await call(port, token, [remove]);
  return devices.map((device) => device.name);
}

interface Device {
  readonly name: string;
  readonly remove: readonly [string, Fields];
}

async function listed(port: number, token: string): Promise<readonly Device[]> {
  const [list] = await call(port, token, [['device.pair.list', {}]]);
  const of = (part: unknown, removal: (device: Fields) => Device['remove']): Device[] =>
    (Array.isArray(part) ? part : []).map(fields).map((device) => ({ name: String(device['displayName']), remove: removal(device) }));
  return [
    ...of(list?.['pending'], ({ requestId }) => ['device.pair.reject', { requestId }]),
    ...of(list?.['paired'], ({ deviceId }) => ['device.pair.remove', { deviceId }]),
  ].filter(({ name }) => OURS.test(name));
}

function introduction(displayName: string): Fields {
  const client = { id: 'cli', displayName, version: '1.0.0', platform: 'linux', mode: 'cli' };
  const rights = { role: 'operator', scopes: ['operator.pairing'], caps: [], commands: [], permissions: {} };
  return { minProtocol: 4, maxProtocol: 4, client, ...rights, locale: 'en-US', userAgent: 'bulkhead-probe/1' };
}

/** The gateway's own words, the most telling first. */
function codesOf(error: unknown): string {
  const words = [fields(fields(error)['details'])['code'], fields(error)['code']];
  return words.find((word) => typeof word === 'string')?.slice(0, 80) ?? '';
}
