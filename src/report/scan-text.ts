/** A scan for the terminal: which gateways there are and where they stand, what was out of sight, then the report as `verify` prints it. */
import type { VerifyReport } from '../core/report.ts';
import type { Rung } from '../core/words.ts';
import { escapeForTerminal } from './escape.ts';
import { count, pad, palette, wrap, type PrintOptions } from './layout.ts';
import { printReport } from './terminal.ts';

export interface ScanShown {
  readonly report: VerifyReport;
  readonly gateways: readonly {
    readonly tenant: string;
    readonly rung: Rung;
    readonly why: string;
    readonly seenAs: readonly { readonly kind: string; readonly where: string }[];
  }[];
  readonly sources: readonly { readonly what: string; readonly state: 'looked' | 'partly' | 'not-tried'; readonly detail: string }[];
}

const STATE = { looked: 'looked', partly: 'in part', 'not-tried': 'not tried' } as const;

export function scanText({ report, gateways, sources }: ScanShown, options: PrintOptions): string {
  const paint = palette(options.color);
  const { width } = options;
  const most = Math.max(0, ...gateways.map(({ tenant }) => tenant.length));
  const lines = [
    paint.strong(`${count(gateways.length, 'gateway')} on ${escapeForTerminal(report.fleet)}, by the rung each really stands on`),
    ...gateways.flatMap(({ tenant, rung, why, seenAs }) => {
      const first = `  ${pad(escapeForTerminal(tenant), most)}  ${pad(rung, 9)}  `;
      const places = seenAs.map(({ where }) => escapeForTerminal(where)).join(', ');
      return [...wrap(escapeForTerminal(why), width, first, ' '.repeat(most + 15)), ...wrap(places, width, ' '.repeat(most + 15))];
    }),
    '',
    paint.strong('Where it looked'),
    ...sources.flatMap(({ what, state, detail }) => {
      const word = state === 'looked' ? STATE[state] : paint.doubt(STATE[state]);
      return wrap(`${escapeForTerminal(what)}: ${escapeForTerminal(detail)}`, width, `  ${pad(word, 9)}  `, ' '.repeat(13));
    }),
  ];
  return `${lines.join('\n')}\n\n${gateways.length === 0 ? '' : printReport(report, options)}`;
}
