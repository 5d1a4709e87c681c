/** What identifies a service's definition, the same for every supervisor. */
import { createHash } from 'node:crypto';
import type { Service } from '../core/host.ts';

/** Canonical text: the same service always gives the same bytes. */
export function renderDefinition(service: Service): string {
  return `${JSON.stringify(sortKeys(service), null, 2)}\n`;
}

/** SHA-256 (hex) of the canonical text: what `SupervisorObserved.services[…].definition` is compared with. */
export function serviceDefinition(service: Service): string {
  return createHash('sha256').update(renderDefinition(service)).digest('hex');
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sortKeys(inner)]),
  );
}
