/** Where a tenant could be: what `bulkhead place` proposes. */
import type { HostId, TenantId } from './words.ts';

/** Of a machine, for tenants. Bytes. */
export interface Room {
  readonly memoryBytes: number;
  /** What `limits.disk` of all together may promise there. */
  readonly diskBytes: number;
}

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
