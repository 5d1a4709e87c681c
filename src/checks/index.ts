/** Every check, sorted by id. */
import type { Check } from '../core/check.ts';
import * as list from './list.ts';

export const CHECKS: readonly Check[] = Object.values(list).toSorted((left, right) => (left.id < right.id ? -1 : 1));
