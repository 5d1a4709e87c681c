/** A line of /etc/subuid or /etc/subgid: ids of the host that somebody may become by newuidmap(1) or newgidmap(1). */
export interface IdRange {
  /** The user's name, or its number. */
  readonly holder: string;
  readonly first: number;
  readonly count: number;
}

/** `HOLDER:FIRST:COUNT`, one a line; `line` from 1; what newuidmap cannot read either is left out. subuid(5). */
export function idRangesIn(text: string): readonly (IdRange & { readonly line: number })[] {
  return text.split('\n').flatMap((line, at) => {
    const [, holder = '', first, count] = /^([^:#]+):(\d+):(\d+)$/.exec(line) ?? [];
    return first === undefined ? [] : [{ holder, first: Number(first), count: Number(count), line: at + 1 }];
  });
}
