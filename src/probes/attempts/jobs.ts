/** What an agent that is attacked with schedules, and what takes it away again. Scheduled are turns of its own; none is ever due. */
import { call } from './session.ts';

const OURS = /^bulkhead-probe-[0-9a-f]{8}$/;

/** Shape: openclaw 2026.9.6 docs/automation/cron-jobs. Switched off, and due on a 29 February if it were not. */
export function jobOf(nonce: string) {
  return {
    name: `bulkhead-probe-${nonce.slice(0, 8)}`,
    enabled: false,
    schedule: { kind: 'cron', expr: '0 0 29 2 *' },
    sessionTarget: 'isolated',
    payload: { kind: 'agentTurn', message: 'bulkhead probe' },
  } as const;
}

/** Names of those that a gateway has, whoever scheduled them. */
export async function ourJobs(port: number, token: string): Promise<readonly string[]> {
  return (await listed(port, token)).map(({ name }) => name);
}

export async function removeJobs(port: number, token: string): Promise<void> {
  for (const { id } of await listed(port, token)) await call(port, token, [['cron.remove', { id }]]);
}

async function listed(port: number, token: string): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const [list] = await call(port, token, [['cron.list', { includeDisabled: true, query: 'bulkhead-probe' }]]);
  const jobs = Array.isArray(list?.['jobs']) ? (list['jobs'] as readonly Partial<Record<string, unknown>>[]) : [];
  return jobs.flatMap(({ id, name }) => (typeof id === 'string' && typeof name === 'string' && OURS.test(name) ? [{ id, name }] : []));
}
