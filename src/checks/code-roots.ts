/** Directories with code or skills that two tenants have in common, by text, by identity, whatever they are called. */
import type { TenantFacts } from '../core/facts.ts';
import type { CodeRoot } from '../core/os-facts.ts';
import { sharedBy, type Shared } from './join.ts';

export function sharedCodeRoots(tenants: readonly TenantFacts[], isWanted: (root: CodeRoot, tenant: TenantFacts) => boolean): readonly Shared[] {
  return sharedBy(tenants, (tenant) =>
    (tenant.codeRoots.known ? tenant.codeRoots.value : [])
      .filter((root) => isWanted(root, tenant))
      .flatMap(({ from, declared, real, identity }) => {
        const where = `${from}: ${declared}${declared === real ? '' : ` is ${real}`}`;
        return [
          { key: `${tenant.host} real ${real}`, where },
          ...(identity === undefined ? [] : [{ key: `${tenant.host} inode ${identity}`, where }]),
        ];
      }),
  );
}
