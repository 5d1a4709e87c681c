/** What `bulkhead explain` says of one rule or question, for terminals and as a page. */
import { escapeForTerminal, escapeMarkdown } from './escape.ts';
import { palette, wrap, type PrintOptions } from './layout.ts';
import type { Rule } from './rule.ts';
import type { Topic } from './topics.ts';

const TRUST_WORDS = { team: 'team', clients: 'clients', adversarial: 'adversarial' } as const;

export function ruleText({ id, kind, title, why, how, fix, source, severity, item, judgedOn }: Rule, { color, width }: PrintOptions): string {
  const paint = palette(color);
  const part = (label: string, text: string): readonly string[] => wrap(escapeForTerminal(text), width, `  ${label.padEnd(11)}`, ' '.repeat(13));
  const severities = Object.entries(TRUST_WORDS).map(([trust, word]) => `${word} ${severity[trust as keyof typeof TRUST_WORDS]}`); // keys of the literal
  const lines = [
    `${paint.strong(escapeForTerminal(id))}  ${escapeForTerminal(title)}`,
    ...part('why', why),
    ...part('how', how),
    ...part('severity', `${severities.join(', ')}${severity.team === '-' ? ' (- is not reported)' : ''}`),
    ...part('judged on', kind === 'probe' ? 'a live attack' : judgedOn.join(' and ')),
    ...part('fix', fix),
    ...part('risk', `a named risk for item ${item} or ${id} accepts it, with an owner and an expiry; it stays visible`),
    ...part('source', source),
  ];
  return `${lines.join('\n')}\n`;
}

export function topicText({ question, answer, see }: Topic, { width }: Pick<PrintOptions, 'width'>): string {
  const paragraphs = answer.map((paragraph) => wrap(escapeForTerminal(paragraph), width).join('\n'));
  return `${paragraphs.join('\n\n')}\n\n${wrap(`Question: ${question} See: ${see.join(', ')}.`, width).join('\n')}\n`;
}

/** The page of a rule, below docs/checks/. */
export function rulePage({ id, title, why, how, fix, source, severity, item, judgedOn }: Rule): string {
  return `# ${escapeMarkdown(id)}

${escapeMarkdown(title)}.

${escapeMarkdown(why)}

| | |
|---|---|
| determined by | ${escapeMarkdown(how)} |
| judged on | ${judgedOn.join(', ')} |
| severity | team ${severity.team}, clients ${severity.clients}, adversarial ${severity.adversarial} |
| named risk | item \`${item}\` or \`${id}\` |
| source | ${escapeMarkdown(source)} |

**Fix:** ${escapeMarkdown(fix)}
`;
}

/** The list of all pages, by area. */
export function ruleIndexPage(rules: readonly Rule[]): string {
  const areas = Map.groupBy(rules, ({ id }) => id.slice(0, id.indexOf('.')));
  const sections = [...areas].map(([area, of]) => {
    const rows = of.map(
      ({ id, title, severity }) =>
        `| [${escapeMarkdown(id)}](${id}.md) | ${escapeMarkdown(title)} | ${severity.team} | ${severity.clients} | ${severity.adversarial} |\n`,
    );
    return `## ${area}\n\n| id | finds | team | clients | adversarial |\n|---|---|---|---|---|\n${rows.join('')}`;
  });
  return `# Checks

${rules.length} checks, generated from [\`src/checks/\`](../../src/checks/) by \`npm run generate\`; \`./bulkhead explain <id>\` says the same. \`-\` is not reported
under that trust. How to add one: [add a check](../add-a-check.md).

${sections.join('\n')}`;
}
