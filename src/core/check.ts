/** A check: a pure judgement over facts, with a permanent id, why it matters and how to fix it. */
import type { Facts, TenantFacts } from './facts.ts';
import type { Need } from './need.ts';
import type { Severity, TenantId, Trust, Verdict } from './words.ts';

/** `-` : not reported under that trust. */
export type SeverityByTrust = Readonly<Record<Trust, Severity | '-'>>;

/** What a check yields when something is wrong. Evidence says what was seen and where, never a secret. */
export interface Violation {
  /** The tenants concerned: one, or a group that shares something. */
  readonly tenants: readonly [TenantId, ...TenantId[]];
  /** What was seen, e.g. `acme and globex use bot 700…`. Plain text, may hold hostile names: printers escape it. */
  readonly message: string;
  /** Locations: paths, ports, config keys. */
  readonly evidence: readonly string[];
  /** Forces the trust by which severity is chosen; otherwise the strictest among `tenants` (or the tenant's strictest). */
  readonly trust?: Trust;
}

export interface Check {
  /** Permanent: documentation anchor and rule id, e.g. `port.derived-overlap`. */
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly fix: string;
  /** How it is determined, for people: which facts are compared, and how. */
  readonly how: string;
  /** Where the behaviour it speaks of is documented or was seen, with the OpenClaw version. */
  readonly source: string;
  readonly severity: SeverityByTrust;
  /** Facts without which it cannot judge a tenant: a missing one gives `unknown` for that tenant. */
  readonly needs: readonly Need[];
  /** Of `needs`: a tenant that lacks it is judged by the rest, and is `unknown` all the same. */
  readonly judgesWithout?: readonly Need[];
  /** On which facts it runs; `observed` checks give nothing on a plan. */
  readonly phases: readonly ('desired' | 'observed')[];
  /** Compares what runs with what a manifest declares: says nothing of a gateway that was found. */
  readonly ofDeclaration?: true;
  /** Why it says nothing of a tenant whose needs are known; undefined: it judges it. */
  silentOn?(tenant: TenantFacts): string | undefined;
  /** Checklist row that an accepted risk for this finding is named by, e.g. `state-directory`. */
  readonly item: string;
  /** Pure. Gets only the tenants whose needs are known; yields violations; linear in the tenants (hash joins, no pairs). */
  judge(facts: Facts): Iterable<Violation>;
}

/** A result of a check or a probe on a subject. */
export interface Finding {
  readonly id: string;
  readonly kind: 'check' | 'probe' | 'audit';
  readonly verdict: Verdict;
  readonly severity: Severity;
  readonly tenants: readonly TenantId[];
  readonly title: string;
  readonly message: string;
  readonly evidence: readonly string[];
  readonly fix: string;
  readonly item: string;
  /** A named risk accepts it: it stays visible, and does not fail. */
  readonly accepted?: { readonly risk: string; readonly owner: string; readonly until: string };
}

/** Types a check literally, so that ids stay string literals in docs and tests. */
export function defineCheck<const C extends Check>(check: C): C {
  return check;
}
