/** The ten rows of the boundary checklist, in their fixed order, and the risk that each names when it is shared. */

export const CHECKLIST_ITEMS = [
  'state-directory',
  'workspace',
  'browser-profile',
  'channel-credentials',
  'model-credentials',
  'gateway-token',
  'port',
  'logs',
  'backups',
  'host-admins',
] as const;
export type ChecklistItem = (typeof CHECKLIST_ITEMS)[number];

export interface ItemText {
  readonly label: string;
  /** What goes wrong for two tenants that share it. A suggestion for the operator's own risk sentence. */
  readonly risk: string;
  /** Other names by which a named risk means exactly this row. */
  readonly alsoCalled: readonly string[];
  /** Items of checks and probes whose findings are shown on this row, beside the names above. */
  readonly alsoShows: readonly string[];
  /** Probes that attack this row: the beginning of their ids. */
  readonly probes: readonly string[];
}

export const ITEM_TEXT: Readonly<Record<ChecklistItem, ItemText>> = {
  'state-directory': {
    label: 'State directory',
    risk: 'Each can read and change the sessions, pairings and stored logins of the other.',
    alsoCalled: ['state'],
    alsoShows: ['config', 'credentials-store', 'permissions', 'home', 'tmp', 'secrets', 'paths', 'code'],
    probes: [
      'files.',
      'ipc.',
      'process.',
      'tmp.',
      'victim.',
      'agent.environment',
      'agent.sandbox',
      'agent.sessions',
      'agent.spawn',
      'gateway.agent-name',
      'gateway.session-key',
    ],
  },
  workspace: {
    label: 'Workspace',
    risk: 'Files and notes written for one end up in the prompts of the other.',
    alsoCalled: [],
    alsoShows: ['paths'],
    probes: ['agent.', 'files.'],
  },
  'browser-profile': {
    label: 'Browser profile',
    risk: 'The agent of one can act in web sessions where the other is logged in.',
    alsoCalled: ['browser'],
    alsoShows: ['paths'],
    probes: ['browser.'],
  },
  'channel-credentials': {
    label: 'Channel credentials',
    risk: 'Messages meant for one can be answered by the other, and cutting off one cuts off both.',
    alsoCalled: ['channel-account', 'channels', 'channel'],
    alsoShows: [],
    probes: ['channel.', 'files.list'],
  },
  'model-credentials': {
    label: 'Model credentials',
    risk: 'One provider account: quota, bill, provider-side logs and revocation are common to both.',
    alsoCalled: ['models', 'model'],
    alsoShows: [],
    probes: ['model.'],
  },
  'gateway-token': {
    label: 'Gateway token',
    risk: 'Whoever holds the token of one operates both gateways.',
    alsoCalled: ['token'],
    alsoShows: [],
    probes: ['gateway.token-', 'gateway.hooks', 'gateway.host-origin', 'gateway.media', 'gateway.pairing'],
  },
  port: {
    label: 'Port',
    risk: 'One can answer on, or block, a port on which the other expects its gateway or browser.',
    alsoCalled: ['ports', 'port-range'],
    alsoShows: ['gateway', 'loopback', 'status-output'],
    probes: ['gateway.reach', 'port.', 'socket.', 'agent.exec-network', 'agent.web-fetch'],
  },
  logs: {
    label: 'Logs',
    risk: 'Parts of messages and errors of one can be read by the other.',
    alsoCalled: ['log'],
    alsoShows: ['paths', 'telemetry'],
    probes: ['files.list', 'log.'],
  },
  backups: {
    label: 'Backups',
    risk: 'Restoring or losing the backup of one exposes the other.',
    alsoCalled: ['backup'],
    alsoShows: ['paths'],
    probes: ['backup.'],
  },
  'host-admins': {
    label: 'Who can access the host',
    risk: 'The named people can read and change everything of each tenant on the machine.',
    alsoCalled: ['host-access'],
    alsoShows: ['os-user', 'processes', 'limits', 'service', 'install', 'container', 'machine'],
    probes: ['exhaust.', 'host.', 'privilege.', 'runtime.', 'service.'],
  },
};

/** Whether a named risk's item means this row. */
export function meansItem(name: string, item: ChecklistItem): boolean {
  return name === item || ITEM_TEXT[item].alsoCalled.includes(name);
}

/** Whether a finding filed under `name` is shown on this row. */
export function showsOn(name: string, item: ChecklistItem): boolean {
  return meansItem(name, item) || ITEM_TEXT[item].alsoShows.includes(name);
}
