/** The scripted models of the demo: real OpenClaw agents take real turns, and what they say is written down beforehand. */
import { startScriptedModel } from '../openclaw/scripted-model.ts';

/** Starts one per address in this process; they end with it, or when `close` is called. */
export async function startModels(addresses: readonly string[], port: number): Promise<{ close(): Promise<void> }> {
  const models = await Promise.all(addresses.map((host) => startScriptedModel({ host, port })));
  return { close: async () => void (await Promise.all(models.map((model) => model.close()))) };
}
