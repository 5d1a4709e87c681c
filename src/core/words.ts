/** The words of the product (trust, rung, verdict, severity) and the order within each. */

/** Id of a tenant: `^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$`, checked by `manifest/`. */
export type TenantId = string;
/** Name of a host in the manifest; `local` is the machine Bulkhead runs on. */
export type HostId = string;

/** How a pair of tenants stands to each other, weakest demand first. */
export const TRUSTS = ['team', 'clients', 'adversarial'] as const;
export type Trust = (typeof TRUSTS)[number];

/** The isolation rungs, weakest first. `host`: alone on a machine, and one of the others there. */
export const RUNGS = ['profile', 'os-user', 'container', 'host'] as const;
export type Rung = (typeof RUNGS)[number];

/** What may be built on a machine that is one tenant's alone. On `profile` its agents would be whoever administers the machine. */
export const INNER_RUNGS = ['os-user', 'container'] as const;
export type InnerRung = (typeof INNER_RUNGS)[number];

/** The rung by whose means a tenant is built: on `host` the one inside it. */
export function builtRung({ rung, inside }: { readonly rung: Rung; readonly inside?: InnerRung }): Exclude<Rung, 'host'> {
  return rung === 'host' ? (inside ?? 'os-user') : rung;
}

/** What the rung `container` can be made with. */
export const ENGINES = ['docker', 'podman'] as const;
export type Engine = (typeof ENGINES)[number];

/** What Docker can start a container with besides its own: gVisor, under the name of its program. */
export const RUNTIMES = ['runsc'] as const;
export type Runtime = (typeof RUNTIMES)[number];

/** Of Debian and Ubuntu. */
export const ENGINE_PACKAGES: Readonly<Record<Engine, string>> = { docker: 'docker.io', podman: 'podman' };

/** What a check or probe concluded. `unknown` is never printed green and never exits 0. */
export const VERDICTS = ['pass', 'not-applicable', 'unknown', 'fail'] as const;
export type Verdict = (typeof VERDICTS)[number];

export const SEVERITIES = ['info', 'warn', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** The stricter of two trust relations, the one that demands more isolation. */
export function stricterTrust(left: Trust, right: Trust): Trust {
  return TRUSTS.indexOf(left) >= TRUSTS.indexOf(right) ? left : right;
}

/** The least rung that a trust relation allows. `adversarial` asks for a machine of its own. */
export function leastRung(trust: Trust): Rung {
  switch (trust) {
    case 'team':
      return 'profile';
    case 'clients':
      return 'os-user';
    case 'adversarial':
      return 'host';
  }
}

export function rungIsAtLeast(rung: Rung, least: Rung): boolean {
  return RUNGS.indexOf(rung) >= RUNGS.indexOf(least);
}

export function severityIsAtLeast(severity: Severity, least: Severity): boolean {
  return SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(least);
}

/** Folds verdicts: one failure decides, then one unknown; nothing looked at is `unknown`, never `pass`. */
export function worstVerdict(verdicts: Iterable<Verdict>): Verdict {
  let worst: Verdict | undefined;
  for (const verdict of verdicts) {
    if (worst === undefined || VERDICTS.indexOf(verdict) > VERDICTS.indexOf(worst)) worst = verdict;
  }
  return worst ?? 'unknown';
}
