/** Asks several gateways of one host at once, as gateway-client.ts asks one: another machine is asked with one command, however many tenants it has. */
import { main as ask } from './gateway-client.ts';
import type { GatewayRequest } from './gateway-client.ts';

/** Answers in the order of the questions; one that could not even be asked is told as such. */
export async function main({ requests }: { readonly requests: readonly GatewayRequest[] }): Promise<readonly unknown[]> {
  return await Promise.all(requests.map(askOne));
}

async function askOne(request: GatewayRequest): Promise<unknown> {
  try {
    return await ask(request);
  } catch (error) {
    return { ok: false, why: (error instanceof Error ? error.message : String(error)).slice(0, 300) };
  }
}
