/** Runs on the tenant's host: whether a gateway lets in the token that lies in its file, and no longer the one before. Each is sent once; tells no token. */
import { readFileSync } from 'node:fs';
import { ask } from './switch-token.ts';

export interface ProveRequest {
  readonly port: number;
  readonly tokenFile: string;
  readonly old: string;
}

/** HTTP statuses. */
export interface Proved {
  readonly oldStatus: number;
  readonly newStatus: number;
}

export async function main({ port, tokenFile, old }: ProveRequest): Promise<Proved> {
  const newStatus = await ask(port, readFileSync(tokenFile, 'utf8').trim());
  return { newStatus, oldStatus: await ask(port, old) };
}
