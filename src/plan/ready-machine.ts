/** For tests: a machine that has all that tenants without containers need. */
import type { MachineSeen } from '../core/machine.ts';
import { NEEDED_PROGRAMS } from './prepare-machine.ts';

export const READY: MachineSeen = {
  user: 'ops',
  root: true,
  system: { ids: ['debian'], version: '12', name: 'Debian GNU/Linux 12 (bookworm)' },
  kernel: 'Linux 6.1.0-44-amd64',
  architecture: 'x86_64',
  init: { systemd: 252, state: 'running' },
  controlGroups: { version: 'v2', controllers: ['cpu', 'memory', 'pids'] },
  programs: NEEDED_PROGRAMS,
  engines: [],
  halfInstalled: '',
  nftables: { answers: true, dropForwarded: [] },
  namespaces: true,
  loops: true,
  clock: { aheadMs: 3, errorMs: 5 },
  timeServices: ['chrony.service'],
  listeners: ['0.0.0.0:22 sshd'],
  memoryBytes: 4e9,
  freeBytes: 2e10,
};
