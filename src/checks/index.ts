/** Every check, sorted by id. A file that is missing here fails index.test.ts. */
import type { Check } from '../core/check.ts';
import { check as agentdirShared } from './agentdir/shared.ts';
import { check as auditFindings } from './audit/findings.ts';
import { check as auditNotInside } from './audit/not-inside.ts';
import { check as auditStale } from './audit/stale.ts';
import { check as auditSuppressed } from './audit/suppressed.ts';
import { check as auditUnreadable } from './audit/unreadable.ts';
import { check as auditWarnings } from './audit/warnings.ts';
import { check as backupAllTenantSnapshot } from './backup/all-tenant-snapshot.ts';
import { check as backupCapturesOther } from './backup/captures-other.ts';
import { check as backupDestShared } from './backup/dest-shared.ts';
import { check as backupKeyShared } from './backup/key-shared.ts';
import { check as backupReadable } from './backup/readable.ts';
import { check as backupRestoreCrossed } from './backup/restore-crossed.ts';
import { check as boundaryAgentsAsTenants } from './boundary/agents-as-tenants.ts';
import { check as boundaryDeclaredVsRunning } from './boundary/declared-vs-running.ts';
import { check as boundaryEnvProfileOnly } from './boundary/env-profile-only.ts';
import { check as boundaryModelAsBoundary } from './boundary/model-as-boundary.ts';
import { check as boundaryProfileOnly } from './boundary/profile-only.ts';
import { check as boundaryRungNotReached } from './boundary/rung-not-reached.ts';
import { check as boundaryRungTooLow } from './boundary/rung-too-low.ts';
import { check as boundaryScopesAsBoundary } from './boundary/scopes-as-boundary.ts';
import { check as boundarySessionkeyAsBoundary } from './boundary/sessionkey-as-boundary.ts';
import { check as boundarySharedGateway } from './boundary/shared-gateway.ts';
import { check as boundarySharedToolAgent } from './boundary/shared-tool-agent.ts';
import { check as boundaryUndefined } from './boundary/undefined.ts';
import { check as browserUserdataShared } from './browser/userdata-shared.ts';
import { check as channelAllowlistOverlap } from './channel/allowlist-overlap.ts';
import { check as channelDiscordAppShared } from './channel/discord-app-shared.ts';
import { check as channelDiscordGuildOverlap } from './channel/discord-guild-overlap.ts';
import { check as channelGooglechatAppShared } from './channel/googlechat-app-shared.ts';
import { check as channelImessageHostShared } from './channel/imessage-host-shared.ts';
import { check as channelMatrixUserShared } from './channel/matrix-user-shared.ts';
import { check as channelMsteamsAppShared } from './channel/msteams-app-shared.ts';
import { check as channelOtherIdentityShared } from './channel/other-identity-shared.ts';
import { check as channelSharedMailboxCalendar } from './channel/shared-mailbox-calendar.ts';
import { check as channelSignalAccountShared } from './channel/signal-account-shared.ts';
import { check as channelSlackAppShared } from './channel/slack-app-shared.ts';
import { check as channelSlackWorkspaceShared } from './channel/slack-workspace-shared.ts';
import { check as channelTelegramBotShared } from './channel/telegram-bot-shared.ts';
import { check as channelWebhookPathCollision } from './channel/webhook-path-collision.ts';
import { check as channelWhatsappAccountShared } from './channel/whatsapp-account-shared.ts';
import { check as channelWhatsappAuthdirShared } from './channel/whatsapp-authdir-shared.ts';
import { check as configCrossReference } from './config/cross-reference.ts';
import { check as configIncludeRootsOverlap } from './config/include-roots-overlap.ts';
import { check as configIncludeShared } from './config/include-shared.ts';
import { check as configMultiGatewayFlag } from './config/multi-gateway-flag.ts';
import { check as configPathDefaulted } from './config/path-defaulted.ts';
import { check as configPathShared } from './config/path-shared.ts';
import { check as containerImageMutable } from './container/image-mutable.ts';
import { check as containerPrivileged } from './container/privileged.ts';
import { check as containerSameHostUid } from './container/same-host-uid.ts';
import { check as containerSandboxBind } from './container/sandbox-bind.ts';
import { check as containerSandboxPrefix } from './container/sandbox-prefix.ts';
import { check as containerSocketMounted } from './container/socket-mounted.ts';
import { check as credentialsStoreShared } from './credentials/store-shared.ts';
import { check as docChecklistMissing } from './doc/checklist-missing.ts';
import { check as docNotisolatedMissing } from './doc/notisolated-missing.ts';
import { check as docOverselling } from './doc/overselling.ts';
import { check as docRiskUnnamed } from './doc/risk-unnamed.ts';
import { check as envFileShared } from './env/file-shared.ts';
import { check as envLeakedInherit } from './env/leaked-inherit.ts';
import { check as envShellImport } from './env/shell-import.ts';
import { check as fsAclDefault } from './fs/acl-default.ts';
import { check as fsParentWritable } from './fs/parent-writable.ts';
import { check as fsPermsCross } from './fs/perms-cross.ts';
import { check as fsUmask } from './fs/umask.ts';
import { check as gatewayAuthNone } from './gateway/auth-none.ts';
import { check as gatewayClaimMismatch } from './gateway/claim-mismatch.ts';
import { check as gatewayNotRunning } from './gateway/not-running.ts';
import { check as hostAdmins } from './host/admins.ts';
import { check as hostRemoteMgmt } from './host/remote-mgmt.ts';
import { check as hostSharedKernel } from './host/shared-kernel.ts';
import { check as installSharedReadonly } from './install/shared-readonly.ts';
import { check as installSharedWritable } from './install/shared-writable.ts';
import { check as keychainShared } from './keychain/shared.ts';
import { check as logDefaultTmp } from './log/default-tmp.ts';
import { check as logFileShared } from './log/file-shared.ts';
import { check as logReadable } from './log/readable.ts';
import { check as logSinkShared } from './log/sink-shared.ts';
import { check as mcpServerShared } from './mcp/server-shared.ts';
import { check as modelAuthStoreShared } from './model/auth-store-shared.ts';
import { check as modelCredentialShared } from './model/credential-shared.ts';
import { check as modelExternalCliShared } from './model/external-cli-shared.ts';
import { check as modelLocalServiceShared } from './model/local-service-shared.ts';
import { check as modelOauthAccountShared } from './model/oauth-account-shared.ts';
import { check as modelProviderOrgShared } from './model/provider-org-shared.ts';
import { check as netLoopbackShared } from './net/loopback-shared.ts';
import { check as osCgroupLimitsMissing } from './os/cgroup-limits-missing.ts';
import { check as osLingerCron } from './os/linger-cron.ts';
import { check as osLoginShellSharing } from './os/login-shell-sharing.ts';
import { check as osPrivilegedGroup } from './os/privileged-group.ts';
import { check as osProcVisible } from './os/proc-visible.ts';
import { check as osPtrace } from './os/ptrace.ts';
import { check as osRoot } from './os/root.ts';
import { check as osSharedGroup } from './os/shared-group.ts';
import { check as osSharedHome } from './os/shared-home.ts';
import { check as osSharedUid } from './os/shared-uid.ts';
import { check as osSystemdUnitShared } from './os/systemd-unit-shared.ts';
import { check as pathBindMount } from './path/bind-mount.ts';
import { check as pathHardlink } from './path/hardlink.ts';
import { check as pathNested } from './path/nested.ts';
import { check as pathSymlinkAlias } from './path/symlink-alias.ts';
import { check as pathSyncedDir } from './path/synced-dir.ts';
import { check as pluginCacheShared } from './plugin/cache-shared.ts';
import { check as pluginHardcodedHome } from './plugin/hardcoded-home.ts';
import { check as policyAllowlistAsIsolation } from './policy/allowlist-as-isolation.ts';
import { check as policyControlPlane } from './policy/control-plane.ts';
import { check as policyDrift } from './policy/drift.ts';
import { check as policyElevated } from './policy/elevated.ts';
import { check as policyFsDenyExecOpen } from './policy/fs-deny-exec-open.ts';
import { check as policyFsNotWorkspaceOnly } from './policy/fs-not-workspace-only.ts';
import { check as policyHttpAllow } from './policy/http-allow.ts';
import { check as policyMessageCrossContext } from './policy/message-cross-context.ts';
import { check as policyMissing } from './policy/missing.ts';
import { check as policyPluginsOpen } from './policy/plugins-open.ts';
import { check as policySandboxOff } from './policy/sandbox-off.ts';
import { check as policySessionReach } from './policy/session-reach.ts';
import { check as portBaseEqual } from './port/base-equal.ts';
import { check as portCdpClamp } from './port/cdp-clamp.ts';
import { check as portDerivedOverlap } from './port/derived-overlap.ts';
import { check as portListenerOwner } from './port/listener-owner.ts';
import { check as sandboxRootShared } from './sandbox/root-shared.ts';
import { check as secretPlaintext } from './secret/plaintext.ts';
import { check as secretProviderPrincipalShared } from './secret/provider-principal-shared.ts';
import { check as secretRefShared } from './secret/ref-shared.ts';
import { check as secretValueShared } from './secret/value-shared.ts';
import { check as skillsSharedDir } from './skills/shared-dir.ts';
import { check as stateClonedIdentity } from './state/cloned-identity.ts';
import { check as stateDbShared } from './state/db-shared.ts';
import { check as stateDirShared } from './state/dir-shared.ts';
import { check as statusOutputShared } from './status/output-shared.ts';
import { check as telemetryShared } from './telemetry/shared.ts';
import { check as tmpCompileCacheShared } from './tmp/compile-cache-shared.ts';
import { check as tmpDevShm } from './tmp/dev-shm.ts';
import { check as tmpRootShared } from './tmp/root-shared.ts';
import { check as tmpSquat } from './tmp/squat.ts';
import { check as tokenEnvOverridesConfig } from './token/env-overrides-config.ts';
import { check as tokenGatewayShared } from './token/gateway-shared.ts';
import { check as tokenHooksShared } from './token/hooks-shared.ts';
import { check as tokenInArgv } from './token/in-argv.ts';
import { check as tokenWeakOrPlaceholder } from './token/weak-or-placeholder.ts';
import { check as workspaceImplicit } from './workspace/implicit.ts';
import { check as workspaceShared } from './workspace/shared.ts';

export const CHECKS: readonly Check[] = [
  agentdirShared,
  auditFindings,
  auditNotInside,
  auditStale,
  auditSuppressed,
  auditUnreadable,
  auditWarnings,
  backupAllTenantSnapshot,
  backupCapturesOther,
  backupDestShared,
  backupKeyShared,
  backupReadable,
  backupRestoreCrossed,
  boundaryAgentsAsTenants,
  boundaryDeclaredVsRunning,
  boundaryEnvProfileOnly,
  boundaryModelAsBoundary,
  boundaryProfileOnly,
  boundaryRungNotReached,
  boundaryRungTooLow,
  boundaryScopesAsBoundary,
  boundarySessionkeyAsBoundary,
  boundarySharedGateway,
  boundarySharedToolAgent,
  boundaryUndefined,
  browserUserdataShared,
  channelAllowlistOverlap,
  channelDiscordAppShared,
  channelDiscordGuildOverlap,
  channelGooglechatAppShared,
  channelImessageHostShared,
  channelMatrixUserShared,
  channelMsteamsAppShared,
  channelOtherIdentityShared,
  channelSharedMailboxCalendar,
  channelSignalAccountShared,
  channelSlackAppShared,
  channelSlackWorkspaceShared,
  channelTelegramBotShared,
  channelWebhookPathCollision,
  channelWhatsappAccountShared,
  channelWhatsappAuthdirShared,
  configCrossReference,
  configIncludeRootsOverlap,
  configIncludeShared,
  configMultiGatewayFlag,
  configPathDefaulted,
  configPathShared,
  containerImageMutable,
  containerPrivileged,
  containerSameHostUid,
  containerSandboxBind,
  containerSandboxPrefix,
  containerSocketMounted,
  credentialsStoreShared,
  docChecklistMissing,
  docNotisolatedMissing,
  docOverselling,
  docRiskUnnamed,
  envFileShared,
  envLeakedInherit,
  envShellImport,
  fsAclDefault,
  fsParentWritable,
  fsPermsCross,
  fsUmask,
  gatewayAuthNone,
  gatewayClaimMismatch,
  gatewayNotRunning,
  hostAdmins,
  hostRemoteMgmt,
  hostSharedKernel,
  installSharedReadonly,
  installSharedWritable,
  keychainShared,
  logDefaultTmp,
  logFileShared,
  logReadable,
  logSinkShared,
  mcpServerShared,
  modelAuthStoreShared,
  modelCredentialShared,
  modelExternalCliShared,
  modelLocalServiceShared,
  modelOauthAccountShared,
  modelProviderOrgShared,
  netLoopbackShared,
  osCgroupLimitsMissing,
  osLingerCron,
  osLoginShellSharing,
  osPrivilegedGroup,
  osProcVisible,
  osPtrace,
  osRoot,
  osSharedGroup,
  osSharedHome,
  osSharedUid,
  osSystemdUnitShared,
  pathBindMount,
  pathHardlink,
  pathNested,
  pathSymlinkAlias,
  pathSyncedDir,
  pluginCacheShared,
  pluginHardcodedHome,
  policyAllowlistAsIsolation,
  policyControlPlane,
  policyDrift,
  policyElevated,
  policyFsDenyExecOpen,
  policyFsNotWorkspaceOnly,
  policyHttpAllow,
  policyMessageCrossContext,
  policyMissing,
  policyPluginsOpen,
  policySandboxOff,
  policySessionReach,
  portBaseEqual,
  portCdpClamp,
  portDerivedOverlap,
  portListenerOwner,
  sandboxRootShared,
  secretPlaintext,
  secretProviderPrincipalShared,
  secretRefShared,
  secretValueShared,
  skillsSharedDir,
  stateClonedIdentity,
  stateDbShared,
  stateDirShared,
  statusOutputShared,
  telemetryShared,
  tmpCompileCacheShared,
  tmpDevShm,
  tmpRootShared,
  tmpSquat,
  tokenEnvOverridesConfig,
  tokenGatewayShared,
  tokenHooksShared,
  tokenInArgv,
  tokenWeakOrPlaceholder,
  workspaceImplicit,
  workspaceShared,
];
