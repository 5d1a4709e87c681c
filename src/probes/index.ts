/** Every probe, sorted by id. A test fails when a file of `attacks/` is missing here. */
import { probe as agentAutomations } from './attacks/agent.automations.ts';
import { probe as agentBrowser } from './attacks/agent.browser.ts';
import { probe as agentEnvironment } from './attacks/agent.environment.ts';
import { probe as agentExec } from './attacks/agent.exec.ts';
import { probe as agentExecNetwork } from './attacks/agent.exec-network.ts';
import { probe as agentGatewayAdmin } from './attacks/agent.gateway-admin.ts';
import { probe as agentMemory } from './attacks/agent.memory.ts';
import { probe as agentMessage } from './attacks/agent.message.ts';
import { probe as agentPatch } from './attacks/agent.patch.ts';
import { probe as agentRead } from './attacks/agent.read.ts';
import { probe as agentReadLink } from './attacks/agent.read-link.ts';
import { probe as agentSandbox } from './attacks/agent.sandbox.ts';
import { probe as agentSessions } from './attacks/agent.sessions.ts';
import { probe as agentSpawn } from './attacks/agent.spawn.ts';
import { probe as agentWebFetch } from './attacks/agent.web-fetch.ts';
import { probe as agentWrite } from './attacks/agent.write.ts';
import { probe as backupRead } from './attacks/backup.read.ts';
import { probe as browserCdpReach } from './attacks/browser.cdp-reach.ts';
import { probe as browserControl } from './attacks/browser.control.ts';
import { probe as browserProfile } from './attacks/browser.profile.ts';
import { probe as exhaustCpu } from './attacks/exhaust.cpu.ts';
import { probe as exhaustDescriptors } from './attacks/exhaust.descriptors.ts';
import { probe as exhaustDisk } from './attacks/exhaust.disk.ts';
import { probe as exhaustMemory } from './attacks/exhaust.memory.ts';
import { probe as exhaustPids } from './attacks/exhaust.pids.ts';
import { probe as filesByUser } from './attacks/files.by-user.ts';
import { probe as filesHardlink } from './attacks/files.hardlink.ts';
import { probe as filesList } from './attacks/files.list.ts';
import { probe as filesReadState } from './attacks/files.read-state.ts';
import { probe as filesReplace } from './attacks/files.replace.ts';
import { probe as filesSymlink } from './attacks/files.symlink.ts';
import { probe as filesWatch } from './attacks/files.watch.ts';
import { probe as filesWrite } from './attacks/files.write.ts';
import { probe as gatewayAgentName } from './attacks/gateway.agent-name.ts';
import { probe as gatewayHooks } from './attacks/gateway.hooks.ts';
import { probe as gatewayHostOrigin } from './attacks/gateway.host-origin.ts';
import { probe as gatewayMedia } from './attacks/gateway.media.ts';
import { probe as gatewayPairing } from './attacks/gateway.pairing.ts';
import { probe as gatewayReach } from './attacks/gateway.reach.ts';
import { probe as gatewaySessionKey } from './attacks/gateway.session-key.ts';
import { probe as gatewayTokenMissing } from './attacks/gateway.token-missing.ts';
import { probe as gatewayTokenReplayHttp } from './attacks/gateway.token-replay-http.ts';
import { probe as gatewayTokenReplayWs } from './attacks/gateway.token-replay-ws.ts';
import { probe as gatewayTokenSpoofedHeaders } from './attacks/gateway.token-spoofed-headers.ts';
import { probe as hostLogin } from './attacks/host.login.ts';
import { probe as hostReach } from './attacks/host.reach.ts';
import { probe as hostState } from './attacks/host.state.ts';
import { probe as ipcMemory } from './attacks/ipc.memory.ts';
import { probe as logRead } from './attacks/log.read.ts';
import { probe as portSquat } from './attacks/port.squat.ts';
import { probe as privilegeRoot } from './attacks/privilege.root.ts';
import { probe as processEnviron } from './attacks/process.environ.ts';
import { probe as processInspect } from './attacks/process.inspect.ts';
import { probe as processList } from './attacks/process.list.ts';
import { probe as processSignal } from './attacks/process.signal.ts';
import { probe as processTrace } from './attacks/process.trace.ts';
import { probe as runtimeSocket } from './attacks/runtime.socket.ts';
import { probe as serviceManager } from './attacks/service.manager.ts';
import { probe as serviceReplace } from './attacks/service.replace.ts';
import { probe as socketAbstract } from './attacks/socket.abstract.ts';
import { probe as tmpLeftovers } from './attacks/tmp.leftovers.ts';
import { probe as tmpLockSquat } from './attacks/tmp.lock-squat.ts';
import { probe as tmpNameSquat } from './attacks/tmp.name-squat.ts';
import { probe as tmpRead } from './attacks/tmp.read.ts';
import { probe as victimAffected } from './attacks/victim.affected.ts';
import type { Probe } from './define.ts';

export const PROBES: readonly Probe[] = [
  agentAutomations,
  agentBrowser,
  agentEnvironment,
  agentExec,
  agentExecNetwork,
  agentGatewayAdmin,
  agentMemory,
  agentMessage,
  agentPatch,
  agentRead,
  agentReadLink,
  agentSandbox,
  agentSessions,
  agentSpawn,
  agentWebFetch,
  agentWrite,
  backupRead,
  browserCdpReach,
  browserControl,
  browserProfile,
  exhaustCpu,
  exhaustDescriptors,
  exhaustDisk,
  exhaustMemory,
  exhaustPids,
  filesByUser,
  filesHardlink,
  filesList,
  filesReadState,
  filesReplace,
  filesSymlink,
  filesWatch,
  filesWrite,
  gatewayAgentName,
  gatewayHooks,
  gatewayHostOrigin,
  gatewayMedia,
  gatewayPairing,
  gatewayReach,
  gatewaySessionKey,
  gatewayTokenMissing,
  gatewayTokenReplayHttp,
  gatewayTokenReplayWs,
  gatewayTokenSpoofedHeaders,
  hostLogin,
  hostReach,
  hostState,
  ipcMemory,
  logRead,
  portSquat,
  privilegeRoot,
  processEnviron,
  processInspect,
  processList,
  processSignal,
  processTrace,
  runtimeSocket,
  serviceManager,
  serviceReplace,
  socketAbstract,
  tmpLeftovers,
  tmpLockSquat,
  tmpNameSquat,
  tmpRead,
  victimAffected,
];
