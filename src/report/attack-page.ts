/** Attacks as pages below docs/attacks/: what each does, why it is safe, and what shows that it could fail. */
import type { Severity, Trust } from '../core/words.ts';

/** A probe, as far as its page tells of it. */
export interface Attack {
  readonly id: string;
  /** Number in the attack catalogue. */
  readonly attack: string;
  readonly title: string;
  readonly does: string;
  readonly safe: string;
  readonly decoy: string;
  readonly fix: string;
  readonly expected: readonly string[];
  readonly severity: Readonly<Record<Trust, Severity>>;
  readonly item: string;
  readonly vantage: 'inside' | 'user';
  readonly by?: 'victim';
  readonly positiveBy?: 'attacker';
}

const FROM = { inside: 'where the attacker’s gateway runs', user: 'the attacker’s OS user, outside its namespaces' } as const;

export function attackPage({ id, attack, title, does, safe, decoy, fix, expected, severity, item, vantage, by, positiveBy }: Attack): string {
  const able = positiveBy === 'attacker' ? 'the attacker on its own things' : 'the victim on itself';
  return `# ${id}

${title}.

**What it does:** ${does}

**Why it is safe:** ${safe}

**What shows that it can fail:** ${decoy} The same must get through for ${able}. Where either does not, the verdict is unknown.

| | |
|---|---|
| attack | ${attack} |
| from | ${FROM[vantage]}${by === 'victim' ? '; the victim looks for what the attacker holds open' : ''} |
| held when refused by | ${expected.length === 0 ? 'what its verdict says' : expected.map((code) => `\`${code}\``).join(', ')} |
| severity | team ${severity.team}, clients ${severity.clients}, adversarial ${severity.adversarial} |
| named risk | item \`${item}\` or \`${id}\` |

**Fix:** ${fix}
`;
}

export function attackIndexPage(attacks: readonly Attack[]): string {
  const rows = attacks.map(
    ({ id, attack, does, vantage }) =>
      `| [${id}](${id}.md) | ${attack} | ${vantage === 'inside' ? 'inside' : 'as its OS user'} | ${does.replaceAll('|', '\\|')} |\n`,
  );
  return `# Attacks

${attacks.length} attacks, each made by every tenant on every other one, generated from [\`src/probes/attacks/\`](../../src/probes/attacks/) by \`npm run generate\`;
\`./bulkhead explain <id>\` says the same. How they are made and judged: [\`src/probes/\`](../../src/probes/README.md). How to add one:
[add a probe](../add-a-probe.md). What is not attacked, and why: [decision 21](../decisions/0021-what-is-not-attacked.md).

Each is shown \`breached\` where nothing but paths, or only an OS user, keeps tenants apart, and \`contained\` behind a wall:
[\`run.test.ts\`](../../src/probes/run.test.ts), [\`exhaustion.test.ts\`](../../src/probes/exhaustion.test.ts); those that need a real gateway or
agent in [\`test/e2e/\`](../../test/e2e/).

| id | attack | from | what it does |
|---|---|---|---|
${rows.join('')}`;
}
