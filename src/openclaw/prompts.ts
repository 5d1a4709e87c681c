/**
 * Files of a workspace by which an agent is told how to behave, and words by which they forbid it a power.
 * Source: openclaw 2026.9.6 docs/concepts/agent-workspace.md; what OpenClaw itself puts there is in its docs/reference/templates.
 */
import { dirname, join } from 'node:path/posix';
import type { Install } from '../core/blueprint.ts';
import type { Power } from '../core/tool-settings.ts';

const FILES = ['AGENTS.md', 'SOUL.md', 'TOOLS.md'];

export interface PromptRequest {
  readonly files: readonly string[];
  /** Directory whose lines are nobody's own. */
  readonly templates: string;
  /** Sources of regular expressions, for one sentence in any case of letters. */
  readonly restricts: string;
  readonly powers: Readonly<Record<Power, string>>;
}

const POWER_WORDS: Readonly<Record<Power, string>> = {
  exec: String.raw`\b(?:exec|shell|bash|terminal|(?:run|execute|start|launch)\w*\s+(?:\w+\s+){0,2}(?:commands?|programs?|scripts?|code))\b`,
  write: String.raw`\b(?:writ|edit|delet|remov|modif|chang|creat|overwrit)\w*\s+(?:\w+\s+){0,3}(?:files?|director(?:y|ies)|folders?)\b|\bapply_patch\b`,
  read: String.raw`\b(?:read|open|list|look at|access)\w*\s+(?:\w+\s+){0,3}(?:files?|director(?:y|ies)|folders?)\b`,
  browser: String.raw`\b(?:browser|browse|browsing)\b`,
  nodes: String.raw`\b(?:nodes? tool|paired (?:nodes?|devices?)|computer use)\b`,
  control: String.raw`\b(?:gateway config\w*|openclaw\.json|your (?:own )?config\w*|install\w*\s+(?:\w+\s+){0,2}plugins?|update yourself)\b`,
  schedule: String.raw`\b(?:cron|automations?|schedul\w+)\b`,
};

export function promptRequest(workspaces: readonly string[], { openclaw }: Pick<Install, 'openclaw'>): PromptRequest {
  return {
    files: [...new Set(workspaces)].flatMap((workspace) => FILES.map((name) => join(workspace, name))),
    templates: join(dirname(openclaw), 'docs/reference/templates'),
    restricts: String.raw`\b(?:never|must ?n[o']t|mustn.t|must not|do not|don.t|may not|can ?not|can.t|are not allowed|is not allowed|forbidden|prohibited|not permitted|only)\b`,
    powers: POWER_WORDS,
  };
}
