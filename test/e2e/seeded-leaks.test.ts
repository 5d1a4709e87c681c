/** Leaks that facts show, planted together where no finding could be of two of them. */
import { LEAKS } from '../seeded-leaks/index.ts';
import { isAlone, roundsOf } from '../seeded-leaks/score.ts';
import { findsLeaks } from '../seeded-leaks/suite.ts';

findsLeaks(roundsOf(LEAKS.filter((leak) => !isAlone(leak))));
