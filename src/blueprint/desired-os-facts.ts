/** What a blueprint says of the operating system's part: the rest is there only once it is built. */
import type { Blueprint } from '../core/blueprint.ts';
import { known, type Known, type TenantFacts } from '../core/facts.ts';
import type { Settings } from '../core/settings.ts';
import { normalised } from '../core/path-text.ts';

type OsFacts = Pick<
  TenantFacts,
  'account' | 'loginKeys' | 'surroundings' | 'service' | 'container' | 'install' | 'codeRoots' | 'homePathUses' | 'logs' | 'backup' | 'archives'
>;

export function desiredOsFacts(blueprint: Blueprint, { codeRoots }: Settings, notBuilt: Known<never>): OsFacts {
  return {
    account: notBuilt,
    loginKeys: notBuilt,
    surroundings: notBuilt,
    service: known({ unit: `${blueprint.serviceName}.service`, manager: 'system', places: [] }, 'declared'),
    container: notBuilt,
    install: notBuilt,
    codeRoots: known(
      codeRoots.map(({ kind, from, value }) => ({ kind, from, declared: value, real: normalised(value) })),
      'declared',
    ),
    homePathUses: notBuilt,
    logs: notBuilt,
    backup: known(blueprint.backup ?? null, 'declared'),
    archives: notBuilt,
  };
}
