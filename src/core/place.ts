/** Where a tenant could be: what `bulkhead place` proposes. */
import type { HostId, TenantId } from './words.ts';

export interface Proposal {
  readonly tenant: TenantId;
  readonly from: HostId;
  /** Absent where no host can take it, and where its own could not be asked. */
  readonly to?: HostId;
  readonly action: 'stay' | 'move' | 'nowhere' | 'unknown';
  readonly why: string;
}

/** `1.5 GiB`. */
export function gigabytes(bytes: number): string {
  return `${Math.round((bytes / 2 ** 30) * 10) / 10} GiB`;
}
