/** The application: all routes, and how arguments are read. */
import { readFileSync } from 'node:fs';
import { buildApplication, buildRouteMap } from '@stricli/core';
import type { CliContext } from './context.ts';
import { routes } from './routes.ts';

const root = buildRouteMap<keyof typeof routes, CliContext>({
  routes,
  docs: { brief: 'Isolates multiple OpenClaw tenants and proves it' },
});

export const app = buildApplication<CliContext>(root, {
  name: 'bulkhead',
  versionInfo: { currentVersion: versionOfPackage() },
  scanner: { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true },
  documentation: { caseStyle: 'convert-camel-to-kebab' },
});

function versionOfPackage(): string {
  const parsed: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed ? String(parsed.version) : 'unknown';
}
