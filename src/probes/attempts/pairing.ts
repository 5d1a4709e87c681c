/** An attempt to become a device that a gateway trusts. The key is made for it and forgotten; what came of it is removed. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { Answer, Pairing } from '../actions.ts';
import { bracket, TOKEN_MS } from './network.ts';

/** How a device of ours calls itself, so that whoever it is left with can tell. */
export const DEVICE = 'bulkhead probe';

type Fields = Readonly<Record<string, unknown>>;

/** The handshake of a new device (protocol 4, openclaw 2026.9.6 docs/gateway/protocol/auth.md): a gateway that takes it for local pairs it silently. */
export function pair({ host, port, own, name }: Pairing, ownToken: string): Promise<Answer> {
  const token = own === true ? ownToken : undefined;
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = publicKey.export({ format: 'jwk' }).x ?? '';
  const id = createHash('sha256').update(Buffer.from(key, 'base64url')).digest('hex');
  return new Promise((resolve) => {
    const connection = new WebSocket(`ws://${bracket(host)}:${port}`);
    const timer = setTimeout(() => end({ ok: false, code: 'TIMEOUT' }), TOKEN_MS);
    const end = (answer: Answer): void => {
      clearTimeout(timer);
      connection.close();
      resolve(answer);
    };
    const send = (method: string, params: Fields): void => connection.send(JSON.stringify({ type: 'req', id: method, method, params }));
    connection.onerror = () => end({ ok: false, code: 'WS-ERROR' });
    connection.onclose = ({ code }) => end({ ok: false, code: `WS ${code}` });
    connection.onmessage = ({ data }) => {
      const frame = parse(String(data).slice(0, 1_000_000));
      if (frame['event'] === 'connect.challenge') {
        const { nonce, ts } = fields(frame['payload']);
        const said = ['v2', id, 'cli', 'cli', 'operator', 'operator.pairing', String(ts), token ?? '', String(nonce)].join('|');
        const device = { id, publicKey: key, signature: sign(null, Buffer.from(said), privateKey).toString('base64url'), signedAt: ts, nonce };
        send('connect', { ...introduction(`${DEVICE} ${name}`), device, ...(token === undefined ? {} : { auth: { token } }) });
      }
      if (frame['type'] !== 'res') return;
      if (frame['id'] !== 'connect') return end({ ok: true, got: 'the gateway paired a device that nobody approved' });
      const codes = codesOf(frame['error']);
      if (frame['ok'] === true) send('device.pair.remove', { deviceId: id });
      else if (codes.includes('PAIRING_REQUIRED')) end({ ok: true, got: 'the gateway keeps a device for approval' });
      else end({ ok: false, code: `WS ${codes}` });
    };
  });
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

function parse(text: string): Fields {
  try {
    return fields(JSON.parse(text));
  } catch {
    return {};
  }
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
