/** What an agent may use under a config: every tool that OpenClaw's own policy rules on, computed as OpenClaw decides. */
import { isObject, type Json } from './merge.ts';
import { grants } from './settings/tools.ts';
import { at } from './settings/source.ts';
import { expandTools, meansTool, TOOL_GROUPS } from './tool-catalogue.ts';

export interface ToolRow {
  readonly tool: string;
  /** `fs`, `runtime`, …; `mcp` for the tools of MCP servers, which are ruled on as one. */
  readonly group: string;
  readonly may: boolean;
  /** The key that decides, e.g. `tools.deny`. */
  readonly by: string;
}

/** In the order of OpenClaw's catalogue, for an agent without a policy of its own. Whether a plugin or a service behind a tool is there is not asked. */
export function toolTable(config: Readonly<Json>): readonly ToolRow[] {
  const common = at(config, 'tools');
  const tools = isObject(common) ? common : {};
  const granted = grants(tools, tools, 'tools');
  const denied = expandTools(textsOf(tools['deny']));
  const named = Object.entries(TOOL_GROUPS).filter(([group]) => group !== 'group:openclaw');
  const rows = [
    ...named.flatMap(([group, names]) => names.map((tool) => ({ tool, group: group.slice('group:'.length) }))),
    { tool: 'bundle-mcp', group: 'mcp' },
  ];
  return rows.map((row): ToolRow => {
    const by = granted(row.tool);
    if (by === undefined) return { ...row, may: false, by: meansTool(denied, row.tool) ? 'tools.deny' : `not in ${baseOf(tools)}` };
    const off = switchedOff(row.tool, config);
    return off === undefined ? { ...row, may: true, by: by.replace(/^config:/, '') } : { ...row, may: false, by: off };
  });
}

function baseOf(tools: Json): string {
  return tools['allow'] === undefined ? `tools.profile=${String(tools['profile'])}` : 'tools.allow';
}

/** The key by which a tool that the policy grants is refused all the same. */
function switchedOff(tool: string, config: Readonly<Json>): string | undefined {
  if (tool === 'browser' && at(config, 'browser.enabled') === false) return 'browser.enabled=false';
  return tool === 'exec' && at(config, 'tools.exec.security') === 'deny' ? 'tools.exec.security=deny' : undefined;
}

function textsOf(list: unknown): readonly string[] {
  return Array.isArray(list) ? list.filter((name) => typeof name === 'string') : [];
}
