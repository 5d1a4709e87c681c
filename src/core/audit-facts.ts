/** What is said of a tenant: by OpenClaw’s own audit of it, and on the page that people rely on. */

/** One `openclaw security audit --json`, with the proof that it ran inside. */
export interface AuditFact {
  readonly ranAs: { readonly uid: number; readonly configPath: string; readonly namespaces: Readonly<Record<string, string>> };
  readonly summary: { readonly critical: number; readonly warn: number; readonly info: number };
  readonly findings: readonly {
    readonly checkId: string;
    readonly severity: string;
    readonly title: string;
    readonly detail: string;
    readonly remediation?: string;
  }[];
  /** Ids of findings that the config suppresses. */
  readonly suppressed?: readonly string[];
  readonly takenAt: string;
}

/** The page that people rely on: `<documents>/<tenant>.md`, made with `bulkhead checklist <tenant> --markdown`. */
export interface DocumentFact {
  readonly path: string;
  readonly exists: boolean;
  /** Whether it was made from the manifest as it is now. */
  readonly current: boolean;
  /** Whether it says what is not isolated. */
  readonly tellsLimits: boolean;
  /** Phrases that promise more than a test can show. */
  readonly claims: readonly string[];
}
