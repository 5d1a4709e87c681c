/** The variables of a program that Bulkhead starts, here or on another host. */
import type { Command } from '../core/command.ts';

/** The whole environment of every program; nothing of Bulkhead's own environment is inherited. */
export const BASE_ENVIRONMENT: Readonly<Record<string, string>> = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };

/** With the operator's own variables that the command names. */
export function environmentFor(command: Command, base: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const passed = (command.passEnvironment ?? []).flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...base, ...Object.fromEntries(passed) };
}
