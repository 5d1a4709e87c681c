/** `bulkhead policy list | show | diff`: which tool policies there are, what a tenant's comes to, and whether its live config still says so. */
import type { Blueprint } from '../../core/blueprint.ts';
import { EXIT_CODES } from '../../core/error.ts';
import { PRESET_NAMES } from '../../core/fleet.ts';
import { livePolicy } from '../../observe/live-policy.ts';
import { policyConfig } from '../../openclaw/config.ts';
import { PRESETS } from '../../openclaw/presets/index.ts';
import { toolTable } from '../../openclaw/tool-table.ts';
import { printJson } from '../../report/escape.ts';
import { policyDiffText, policyListText, policyShowText, withoutSecrets, type ComparedPolicy } from '../../report/policy-text.ts';
import { action } from '../action.ts';
import type { CommonFlags } from '../flags.ts';
import { openSession, selectTenants, theTenant } from '../session.ts';

export const list = action(async (context, flags: { readonly json: boolean }) => {
  const listed = PRESET_NAMES.map((name) => {
    const preset = PRESETS[name];
    return { preset, tools: toolTable(policyConfig({ preset: name, allow: [], alsoAllow: [], deny: [] }, preset.browser === 'needed')) };
  });
  if (flags.json) {
    const presets = listed.map(({ preset: { name, label, purpose, browser, channels, leaves }, tools }) => ({
      name,
      label,
      purpose,
      browser,
      channels,
      tools,
      leaves,
    }));
    context.print(`${printJson({ ok: true, exitCode: 0, presets })}\n`);
  } else context.print(policyListText(listed, context));
  return EXIT_CODES.ok;
});

export const show = action(async (context, flags: CommonFlags, name: string) => {
  const { tenant, policy, browser, config } = theTenant(await openSession(context, flags), name);
  const { label, purpose, leaves } = PRESETS[policy.preset];
  const rendered = { ...policyConfig(policy, browser), browser: config['browser'] };
  const shown = { tenant, policy, ...(label === undefined ? {} : { label }), purpose, rendered, tools: toolTable(config), leaves };
  if (flags.json) context.print(`${printJson({ ok: true, exitCode: 0, ...shown })}\n`);
  else context.print(policyShowText(shown, context));
  return EXIT_CODES.ok;
});

export const diff = action(async (context, flags: CommonFlags, ...tenants: readonly string[]) => {
  const session = await openSession(context, flags);
  const { parts, layout } = session;
  const input = { layout, hostOf: parts.hostOf, isolationOf: parts.isolationOf, signal: context.signal };
  const compared = await Promise.all(
    selectTenants(session, tenants).map(async (blueprint) => compare(blueprint, await livePolicy(input, blueprint))),
  );
  const exitCode = exitOf(compared);
  if (flags.json) context.print(`${printJson({ ok: exitCode === 0, exitCode, tenants: compared.map(documentOf) })}\n`);
  else context.print(policyDiffText(compared, context));
  if (exitCode === EXIT_CODES.findings) context.note('! bulkhead apply puts back what was declared\n');
  return exitCode;
});

function compare({ tenant, policy }: Blueprint, seen: Awaited<ReturnType<typeof livePolicy>>): ComparedPolicy {
  return seen.known ? { tenant, policy, read: true, differences: seen.value } : { tenant, policy, read: false, why: seen.why };
}

/** A difference is told even where another tenant could not be looked at. */
function exitOf(compared: readonly ComparedPolicy[]): number {
  if (compared.some((one) => one.read && one.differences.length > 0)) return EXIT_CODES.findings;
  return compared.every(({ read }) => read) ? EXIT_CODES.ok : EXIT_CODES.unverified;
}

function documentOf(one: ComparedPolicy): object {
  return one.read ? { ...one, differences: one.differences.map((difference) => withSidesTold(difference)) } : one;
}

function withSidesTold(difference: { readonly key: string; readonly declared?: unknown; readonly live?: unknown }): unknown {
  return Object.fromEntries(Object.entries(difference).map(([side, value]) => [side, side === 'key' ? value : withoutSecrets(value)]));
}
