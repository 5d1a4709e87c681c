/** What always goes with one state directory that lies in the tree of one of both: all that a state holds, and who may pass there. */
export const IN_ONE_STATE = [
  'agentdir.shared',
  'boundary.sessionkey-as-boundary',
  'boundary.shared-tool-agent',
  'browser.userdata-shared',
  'credentials.store-shared',
  'env.file-shared',
  'fs.parent-writable',
  'fs.perms-cross',
  'log.file-shared',
  'model.auth-store-shared',
  'path.nested',
  'path.symlink-alias',
];
