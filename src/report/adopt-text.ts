/** An adoption for people: the cell, what is copied of it and what is not, and the commands that follow. */
import { escapeForTerminal } from './escape.ts';
import { count, wrap } from './layout.ts';

export interface AdoptionPage {
  readonly tenant: string;
  readonly cell: { readonly engine: string; readonly running: boolean; readonly data: string; readonly furtherMounts: readonly string[] };
  readonly files: number;
  readonly links: number;
  readonly bytes: number;
  readonly leftOut: readonly { readonly path: string; readonly why: string }[];
  readonly behind: readonly string[];
  /** Keys of its config that the tenant’s has not; absent where it could not be read. */
  readonly settings?: readonly string[];
  readonly after: AdoptionCommands;
}

/** What its operator types next. */
export interface AdoptionCommands {
  readonly next: readonly string[];
  readonly back: readonly string[];
  readonly retire: string;
  readonly purge: string;
}

const MOST_NAMED = 12;

export function adoptionText(
  { tenant, cell, files, links, bytes, leftOut, behind, settings, after }: AdoptionPage,
  done: boolean,
  width: number,
): string {
  const name = escapeForTerminal(tenant);
  const linked = links === 0 ? '' : ` and ${count(links, 'link')}`;
  const what = `${count(files, 'file')}${linked}, ${(bytes / 1e6).toFixed(1)} MB`;
  const where = `${escapeForTerminal(cell.data)}, a container of ${cell.engine}`;
  const state = done ? 'stopped' : cell.running ? 'running now' : 'stopped';
  const item = (text: string): readonly string[] => wrap(escapeForTerminal(text), width, '  ', '    ');
  return lines([
    `The cell ${name} of openclaw fleet (${where}, ${state}): ${what} ${done ? 'are copied' : 'are to be copied'}.`,
    ...(behind.length === 0 ? [] : item(`stays behind: ${behind.join(', ')} (the manifest says what its config said; the rest is made anew)`)),
    ...(settings === undefined
      ? item('its config could not be read as JSON: compare it with bulkhead show by hand')
      : settings.length === 0
        ? []
        : item(`settings of its config that ${tenant} will not have: ${named(settings)}`)),
    ...(leftOut.length === 0
      ? []
      : item(
          `left out: ${named(
            leftOut.map(({ path, why }) => `${path} (${why})`),
            '; ',
          )}`,
        )),
    ...cell.furtherMounts.map((mount) => item(`not copied, mounted into it besides its own data: ${mount}`)).flat(),
    ...(done ? closing(name, after) : []),
  ]);
}

function closing(name: string, { next, back, retire, purge }: AdoptionCommands): readonly string[] {
  const shown = (commands: readonly string[]): string => escapeForTerminal(commands.join('; then: '));
  return [
    `Nothing of the cell and nothing of openclaw fleet was changed: fleet goes on listing ${name}, as stopped. Leave it so:`,
    `  fleet’s start, restart, upgrade and restore would start a second gateway with the same bots; its status, logs and`,
    `  backup tell of the old cell, not of the tenant. The tenant has a new gateway token.`,
    `Next: ${shown(next)}`,
    `Back to the cell, without what the tenant did since: ${shown(back)}`,
    `Give up the cell: ${escapeForTerminal(retire)}   (with its old data: ${escapeForTerminal(purge)})`,
  ];
}

/** What is said when there is nothing left to copy. */
export function adoptedText({ tenant, since, after }: { readonly tenant: string; readonly since: string; readonly after: AdoptionCommands }): string {
  const name = escapeForTerminal(tenant);
  return lines([`The cell ${name} is copied, since ${escapeForTerminal(since)}.`, ...closing(name, after)]);
}

function named(all: readonly string[], between = ', '): string {
  const rest = all.length - MOST_NAMED;
  return `${all.slice(0, MOST_NAMED).join(between)}${rest > 0 ? `${between}and ${rest} more` : ''}`;
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
