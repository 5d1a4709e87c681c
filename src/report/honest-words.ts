/** Words that no report, page or document of ours may use, because no test can show them. */

export interface BannedClaim {
  readonly phrase: string;
  /** Offset in the text. */
  readonly at: number;
}

const BANNED =
  /\b(?:(?:fully|completely|totally|perfectly|absolutely|100\s?%)[\s-]+(?:isolated|separated|secure|safe)|(?:full|complete|total|perfect|absolute|guaranteed)[\s-]+(?:isolation|security|safety)|secure[\s-]+multi-?tenan\w+|impossible|cannot[\s-]+ever|can[\s-]+never[\s-]+(?:see|read|reach|access)|(?:military|bank|enterprise)[\s-]+grade|zero[\s-]+risk|risk[\s-]+free|unhackable|unbreakable|bullet-?proof|hack-?proof)\b/giu;

/** Claims in a text that promise more than a test can show. */
export function bannedClaims(text: string): readonly BannedClaim[] {
  return [...text.matchAll(BANNED)].map((match) => ({ phrase: match[0], at: match.index }));
}
