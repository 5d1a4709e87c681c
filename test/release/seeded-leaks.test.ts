/** Leaks that are planted by themselves: attacks find them, or a gateway is down meanwhile. */
import { LEAKS } from '../seeded-leaks/index.ts';
import { isAlone } from '../seeded-leaks/score.ts';
import { findsLeaks } from '../seeded-leaks/suite.ts';

findsLeaks(LEAKS.filter(isAlone).map((leak) => [leak]));
