/** A check, a probe or an audit as documents tell of it. Its id is permanent: documentation anchor and rule id. */
import type { SeverityByTrust } from '../core/check.ts';

export interface Rule {
  readonly id: string;
  readonly kind: 'check' | 'probe';
  readonly title: string;
  readonly why: string;
  readonly how: string;
  readonly fix: string;
  /** Where the behaviour is documented or was seen. */
  readonly source: string;
  readonly severity: SeverityByTrust;
  /** Checklist row that a named risk for it is named by. */
  readonly item: string;
  /** `declared` in `plan`; `running` in `verify` and `scan`. */
  readonly judgedOn: readonly ('declared' | 'running')[];
}
