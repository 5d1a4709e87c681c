/** The application: all routes, and how arguments are read. */
import { buildApplication, buildRouteMap } from '@stricli/core';
import type { CliContext } from './context.ts';
import { routes } from './routes.ts';
import { packageVersion } from './version.ts';

const root = buildRouteMap<keyof typeof routes, CliContext>({
  routes,
  docs: { brief: 'Isolates multiple OpenClaw tenants and proves it' },
});

export const app = buildApplication<CliContext>(root, {
  name: 'bulkhead',
  versionInfo: { currentVersion: packageVersion() },
  scanner: { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true },
  documentation: { caseStyle: 'convert-camel-to-kebab' },
});
