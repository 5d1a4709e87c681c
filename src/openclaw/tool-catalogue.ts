/**
 * OpenClaw's own tools, by group and profile, and how a policy means them. Source: openclaw 2026.9.6, the built src/agents/tool-catalog.ts and
 * tool-policy-shared.ts; docs/gateway/config-tools/tool-policy.md leaves some out (`ls`, `secrets`, `plugins` in coding).
 */

/** Section → tools, each with the profiles that include it: m(inimal), c(oding), t (messaging). `full` and no profile include all. */
const SECTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  fs: { ls: 'c', read: 'c', write: 'c', edit: 'c', apply_patch: 'c' },
  runtime: { exec: 'c', process: 'c', code_execution: 'c', secrets: 'ct' },
  web: { web_search: 'c', web_fetch: 'c', x_search: 'c' },
  memory: { memory_search: 'c', memory_get: 'c' },
  sessions: {
    sessions: 'ct',
    sessions_list: 'ct',
    sessions_history: 'ct',
    sessions_search: 'ct',
    conversations_list: 'ct',
    conversations_send: 'ct',
    conversations_turn: 'ct',
    sessions_send: 'ct',
    sessions_spawn: 'ct',
    github_identity_status: 'c',
    github_publish: 'c',
    agents_wait: 'c',
    sessions_yield: 'ct',
    subagents: 'ct',
    session_status: 'mct',
    suggest_task: 'c',
    dismiss_task: 'c',
  },
  ui: { browser: '', screen: 'c', theme: 'ct', dashboard: 'c', terminal: 'c', portal: 'c', canvas: '', show_widget: '' },
  messaging: { message: 't' },
  automation: { heartbeat_respond: '', automations: 'c', gateway: 'mct', plugins: 'c', openclaw: '' },
  nodes: { nodes: '', computer: '', mobile_ui: '' },
  agents: { agents_list: '', get_goal: 'c', create_goal: 'c', update_goal: 'c', progress_card: 'c', ask_user: 'ct', skill_workshop: 'c' },
  media: { view_image: 'c', image_generate: 'c', music_generate: 'c', video_generate: 'c', tts: '', pdf: '' },
};
const TOOLS = Object.values(SECTIONS).flatMap((tools) => Object.entries(tools));
const NOT_IN_OPENCLAW = new Set(['ls', 'read', 'write', 'edit', 'apply_patch', 'exec', 'process', 'canvas']);

/** Every tool of OpenClaw's own, in its order. */
export const TOOL_NAMES: readonly string[] = TOOLS.map(([name]) => name);

export const TOOL_GROUPS: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(Object.entries(SECTIONS).map(([section, tools]) => [`group:${section}`, Object.keys(tools)])),
  'group:openclaw': TOOL_NAMES.filter((name) => !NOT_IN_OPENCLAW.has(name)),
};

/** What a profile includes. `gateway` in a limited profile can only ask for an update, so it is left out. */
export const PROFILES: Readonly<Record<string, readonly string[]>> = {
  minimal: included('m'),
  coding: [...included('c'), 'bundle-mcp'],
  messaging: [...included('t'), 'bundle-mcp'],
};

function included(letter: string): readonly string[] {
  return TOOLS.filter(([name, profiles]) => profiles.includes(letter) && name !== 'gateway').map(([name]) => name);
}

const ALIASES: Readonly<Record<string, string>> = { bash: 'exec', 'apply-patch': 'apply_patch', cron: 'automations' };

/** Tools of plugins that come with OpenClaw; `bundle-mcp` and `group:plugins` mean those of MCP servers and of all plugins. */
const PLUGIN_TOOLS: readonly string[] = [
  'bundle-mcp',
  'group:plugins',
  'crabbox',
  'dir_fetch',
  'dir_list',
  'file_fetch',
  'file_write',
  'intent',
  'llm-task',
  'node_inference',
  'onepassword',
  'talk_voice',
  'wiki_apply',
  'wiki_get',
  'wiki_lint',
  'wiki_search',
  'wiki_status',
];

/** Names that a policy may hold, beside patterns and the tools of MCP servers (`server__tool`). */
export const POLICY_NAMES: readonly string[] = [...TOOL_NAMES, ...Object.keys(TOOL_GROUPS), ...Object.keys(ALIASES), ...PLUGIN_TOOLS];
const POLICY_NAME_SET = new Set(POLICY_NAMES);

/** Whether OpenClaw takes a name of a policy for something. It ignores others: a mistyped denial denies nothing. */
export function isPolicyName(name: string): boolean {
  const folded = name.toLowerCase();
  return POLICY_NAME_SET.has(folded) || folded.includes('*') || /^[a-z][a-z0-9_-]*__[a-z0-9_-]+$/.test(folded);
}

/** Names with groups spelled out and aliases resolved; patterns keep their `*`. */
export function expandTools(names: readonly string[]): readonly string[] {
  return names.flatMap((name) => {
    const folded = name.toLowerCase();
    return (Object.hasOwn(TOOL_GROUPS, folded) ? TOOL_GROUPS[folded] : undefined) ?? [ALIASES[folded] ?? folded];
  });
}

/** Whether a list of names and patterns means a tool. */
export function meansTool(list: readonly string[], tool: string): boolean {
  return list.some((name) => name === tool || (name.includes('*') && glob(name, tool)));
}

/** Whether a list that allows means a tool: who may write may patch as well. */
export function allowsTool(list: readonly string[], tool: string): boolean {
  return meansTool(list, tool) || (tool === 'apply_patch' && meansTool(list, 'write'));
}

/** `*` is any run of characters. Linear: hostile patterns cannot make it slow. */
function glob(pattern: string, text: string): boolean {
  const [head = '', ...parts] = pattern.split('*');
  if (!text.startsWith(head)) return false;
  let from = head.length;
  for (const [at, part] of parts.entries()) {
    const found =
      at === parts.length - 1
        ? text.length - part.length >= from && text.endsWith(part)
          ? text.length - part.length
          : -1
        : text.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return true;
}
