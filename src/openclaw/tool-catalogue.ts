/** Tools by group and profile. Source: openclaw 2026.9.6 docs/gateway/config-tools/tool-policy.md (tool profiles, tool groups). */

export const TOOL_GROUPS: Readonly<Record<string, readonly string[]>> = {
  'group:runtime': ['exec', 'process', 'code_execution'],
  'group:fs': ['read', 'write', 'edit', 'apply_patch'],
  'group:sessions': ['sessions_spawn', 'sessions_send', 'subagents', 'conversations_send', 'conversations_turn', 'session_status'],
  'group:web': ['web_search', 'x_search', 'web_fetch'],
  'group:ui': ['browser', 'screen', 'terminal', 'portal', 'canvas', 'dashboard'],
  'group:automation': ['automations', 'gateway', 'plugins', 'openclaw', 'heartbeat_respond'],
  'group:messaging': ['message'],
  'group:nodes': ['nodes', 'computer'],
  'group:openclaw': ['browser', 'screen', 'terminal', 'portal', 'automations', 'gateway', 'plugins', 'openclaw', 'nodes', 'computer', 'message'],
};

/** What a profile includes; `gateway` in a limited profile can only ask for an update, so it is left out. `full` and no profile include all. */
export const PROFILES: Readonly<Record<string, readonly string[]>> = {
  minimal: ['session_status'],
  coding: ['group:fs', 'group:runtime', 'group:web', 'group:sessions', 'automations'],
  messaging: ['group:messaging', 'group:sessions'],
};

const ALIASES: Readonly<Record<string, string>> = { bash: 'exec', cron: 'automations', ls: 'read', image: 'view_image' };

/** Names with groups spelled out and aliases resolved; patterns keep their `*`. */
export function expandTools(names: readonly string[]): readonly string[] {
  return names.flatMap((name) => TOOL_GROUPS[name] ?? [ALIASES[name] ?? name]);
}

/** Whether a list of names and patterns means a tool. */
export function meansTool(list: readonly string[], tool: string): boolean {
  return list.some((name) => name === tool || (name.includes('*') && glob(name, tool)));
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
