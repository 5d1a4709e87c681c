/**
 * What OpenClaw's own audit says of each preset. Measured on openclaw 2026.9.6 by audited-presets.test.ts, which renders the configs, runs
 * `openclaw security audit --json` on them and fails where it says anything else.
 */
import type { PresetName } from '../../core/fleet.ts';

/** `severity checkId`, sorted. */
export type AuditLines = readonly string[];

const ALWAYS: AuditLines = ['info gateway.http.session_key_override_enabled', 'info summary.attack_surface'];
const MANY_USERS = 'warn security.trust_model.multi_user_heuristic';
const OPEN_FILES = 'critical security.exposure.open_groups_with_runtime_or_fs';
const OPEN_CONTROL = 'critical security.exposure.open_groups_with_control_plane_tools';
const OPEN_EXEC: AuditLines = ['critical security.exposure.open_channels_with_exec', OPEN_FILES, 'critical tools.exec.security_full_configured'];
const UNASKED_EXEC = 'warn tools.exec.security_full_configured';

/** A tenant without any policy, whose bot answers anyone and every group. */
export const WITHOUT_POLICY: AuditLines = sorted(
  ...ALWAYS,
  MANY_USERS,
  OPEN_FILES,
  OPEN_CONTROL,
  'critical security.exposure.open_groups_with_elevated',
);

export interface Audited {
  /** As Bulkhead renders it, with a bot that its named senders may write to. */
  readonly rendered: AuditLines;
  /** The same policy, should its bot be opened to anyone and every group. */
  readonly opened: AuditLines;
}

const QUIET: Audited = { rendered: ALWAYS, opened: sorted(...ALWAYS, MANY_USERS) };

export const AUDITED: Readonly<Record<PresetName, Audited>> = {
  support: QUIET,
  operator: { rendered: sorted(...ALWAYS, UNASKED_EXEC), opened: sorted(...ALWAYS, MANY_USERS, ...OPEN_EXEC, OPEN_CONTROL) },
  api: QUIET,
  research: QUIET,
  browser: QUIET,
  team: { rendered: sorted(...ALWAYS, UNASKED_EXEC), opened: sorted(...ALWAYS, MANY_USERS, ...OPEN_EXEC) },
  quarantine: QUIET,
};

function sorted(...lines: readonly string[]): AuditLines {
  return lines.toSorted();
}
