/** Runs on the tenant's host: waits until the gateway behind the published port says it is ready (/readyz), or the deadline passes. */
import { request as httpRequest } from 'node:http';

export interface WaitRequest {
  readonly port: number;
  readonly deadlineMs: number;
  /** End with a failure when it stays silent; without it the answer says so. */
  readonly must?: boolean;
}

export async function main(request: WaitRequest): Promise<{ readonly healthy: boolean; readonly waitedMs: number; readonly last: string }> {
  const started = Date.now();
  let last = 'nothing was tried';
  while (Date.now() - started < request.deadlineMs) {
    last = await ask(request.port);
    if (last === '200') return { healthy: true, waitedMs: Date.now() - started, last };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  if (request.must === true)
    throw new Error(`127.0.0.1:${request.port}/readyz did not answer within ${request.deadlineMs} ms; the last try gave ${last}`);
  return { healthy: false, waitedMs: Date.now() - started, last };
}

/** The status as text, or the error code. The body is not read: it is the tenant's. So is the pace: 2 s for all of it, however it comes. */
function ask(port: number): Promise<string> {
  return new Promise((resolve) => {
    const asked = httpRequest({ host: '127.0.0.1', port, path: '/readyz', agent: false, signal: AbortSignal.timeout(2000) }, (answer) => {
      answer.destroy();
      resolve(String(answer.statusCode));
    });
    asked.on('error', (error: NodeJS.ErrnoException) =>
      resolve(error.name === 'TimeoutError' || error.code === 'ABORT_ERR' ? 'ETIMEDOUT' : (error.code ?? error.message)),
    );
    asked.end();
  });
}
