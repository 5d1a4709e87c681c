/** Becomes a paired device of a gateway on this machine's loopback, as OpenClaw's own command line does, and stays one. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto';

type Fields = Readonly<Record<string, unknown>>;

/** The device's id. Source: openclaw 2026.9.6 docs/gateway/protocol/handshake.md. */
export async function pairDevice(port: number, token: string, displayName: string): Promise<string> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = publicKey.export({ format: 'jwk' }).x ?? '';
  const id = createHash('sha256').update(Buffer.from(key, 'base64url')).digest('hex');
  const connection = new WebSocket(`ws://127.0.0.1:${port}`);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  connection.addEventListener('error', () => reject(new Error('no WebSocket')));
  connection.addEventListener('close', ({ code, reason }) => reject(new Error(`closed: ${code} ${reason}`)));
  connection.addEventListener('message', ({ data }) => {
    const frame = JSON.parse(String(data)) as { event?: string; id?: string; ok?: boolean; payload?: Fields; error?: unknown };
    if (frame.event === 'connect.challenge') {
      const { nonce, ts } = frame.payload ?? {};
      const said = ['v2', id, 'cli', 'cli', 'operator', 'operator.read', String(ts), token, String(nonce)].join('|');
      const device = { id, publicKey: key, signature: sign(null, Buffer.from(said), privateKey).toString('base64url'), signedAt: ts, nonce };
      const client = { id: 'cli', displayName, version: '1.0.0', platform: 'linux', mode: 'cli' };
      const rights = { role: 'operator', scopes: ['operator.read'], caps: [], commands: [], permissions: {} };
      const params = { minProtocol: 4, maxProtocol: 4, client, ...rights, locale: 'en-US', userAgent: 'trial/1', device, auth: { token } };
      connection.send(JSON.stringify({ type: 'req', id: 'connect', method: 'connect', params }));
    }
    if (frame.id === 'connect') {
      if (frame.ok === true) resolve();
      else reject(new Error(JSON.stringify(frame.error)));
    }
  });
  await promise;
  connection.close();
  return id;
}
