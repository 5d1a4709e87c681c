/** Tenants with their settings; none whose settings are not known (`needs` has then spoken). */
import type { Facts, TenantFacts } from '../core/facts.ts';
import type { Settings } from '../core/settings.ts';

export function* settingsOf({ tenants }: Pick<Facts, 'tenants'>): Iterable<{ readonly tenant: TenantFacts; readonly settings: Settings }> {
  for (const tenant of tenants) if (tenant.settings.known) yield { tenant, settings: tenant.settings.value };
}

/** Whether somebody who is not named, and whom nobody let in, can start a turn. */
export function admitsOutsiders({ tools }: Settings): boolean {
  return tools.surfaces.some(({ admits }) => admits === 'anyone' || admits === 'group');
}

const POWER_WORDS = { exec: 'programs', write: 'files', browser: 'the browser', nodes: 'other devices', control: 'the gateway' } as const;

/** What can be done with it beyond talking and reading, and what grants each. */
export function powersOf({ tools }: Settings): readonly { readonly name: string; readonly by: string }[] {
  return Object.entries(POWER_WORDS).flatMap(([power, name]) => {
    const by = tools.reach[power as keyof typeof POWER_WORDS]; // a key of the literal
    return by === undefined ? [] : [{ name, by }];
  });
}
