/** Where a boundary leaves its name on a host: users, namespaces, links, rules, processes, mounts. After `remove` none of them may hold it. */
export const HOST_LISTINGS: readonly (readonly [string, ...string[]])[] = [
  ['getent', 'passwd'],
  ['ip', 'netns'],
  ['ip', '-br', 'link'],
  ['nft', 'list', 'tables'],
  ['ps', '-eo', 'args'],
  ['cat', '/proc/self/mountinfo'],
];
