/** All leaks, in the order in which they are planted. */
import { agents } from './agents.ts';
import { backups } from './backups.ts';
import { boundary } from './boundary.ts';
import { files } from './files.ts';
import { identities } from './identities.ts';
import { running } from './running.ts';
import { settings } from './settings.ts';
import type { Leak } from './leak.ts';

export const LEAKS: readonly Leak[] = [...files, ...identities, ...running, ...settings, ...boundary, ...backups, ...agents];
