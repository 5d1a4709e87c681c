/** `bulkhead policy list | show | diff | reconcile`: which tool policies there are, what a tenant's comes to, whether its live config still says so. */
import type { Blueprint } from '../../core/blueprint.ts';
import { EXIT_CODES } from '../../core/error.ts';
import { known } from '../../core/facts.ts';
import { PRESET_NAMES } from '../../core/fleet.ts';
import { liveConfig, livePolicy } from '../../observe/live-policy.ts';
import { policyConfig } from '../../openclaw/config.ts';
import { ownKeys, policyDiff } from '../../openclaw/policy-diff.ts';
import { PRESETS } from '../../openclaw/presets/index.ts';
import { toolTable } from '../../openclaw/tool-table.ts';
import { printJson } from '../../report/escape.ts';
import { ownKeysText, policyDiffText, policyListText, policyShowText, withoutSecrets, type ComparedPolicy } from '../../report/policy-text.ts';
import { action } from '../action.ts';
import { build } from './apply.ts';
import type { CommonFlags } from '../flags.ts';
import { refused } from '../judge-plan.ts';
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
  const { parts, layoutOf } = session;
  const input = { layoutOf, hostOf: parts.hostOf, isolationOf: parts.isolationOf, signal: context.signal };
  const compared = await Promise.all(
    selectTenants(session, tenants).map(async (blueprint) => compare(blueprint, await livePolicy(input, blueprint))),
  );
  const exitCode = exitOf(compared);
  if (flags.json) context.print(`${printJson({ ok: exitCode === 0, exitCode, tenants: compared.map(documentOf) })}\n`);
  else context.print(policyDiffText(compared, context));
  if (exitCode === EXIT_CODES.findings) context.note('! to put back what was declared: bulkhead policy reconcile TENANT\n');
  return exitCode;
});

/** Keys of the boundary are put back by the road that apply takes; without `--yes` it says what that would change. */
export const reconcile = action(async (context, flags: CommonFlags & { readonly yes: boolean; readonly identity?: string }, name: string) => {
  const session = await openSession(context, flags);
  const blueprint = theTenant(session, name);
  const { tenant, policy } = blueprint;
  const { hostOf, isolationOf } = session.parts;
  const pair = await liveConfig({ layoutOf: session.layoutOf, hostOf, isolationOf, signal: context.signal }, blueprint);
  const seen = pair.known ? known(policyDiff(pair.value.declared, pair.value.live, policy.preset), pair.source) : pair;
  const lost = pair.known ? ownKeys(pair.value.declared, pair.value.live, policy.preset) : [];
  const compared = compare(blueprint, seen);
  const before = exitOf([compared]);
  const document = { ...documentOf(compared), ownKeys: lost };
  if (!flags.json) {
    context.print(policyDiffText([compared], context));
    if (before !== EXIT_CODES.ok && lost.length > 0) context.print(ownKeysText(lost, context));
  }
  if (before === EXIT_CODES.ok || !flags.yes) {
    if (flags.json) context.print(`${printJson({ ok: before === EXIT_CODES.ok, exitCode: before, changed: false, ...document })}\n`);
    else if (!compared.read) context.note(`! nothing was changed; bulkhead apply ${tenant} renders it anew\n`);
    else if (before !== EXIT_CODES.ok) context.note(`! nothing was changed; to put it back: bulkhead policy reconcile ${tenant} --yes\n`);
    return before;
  }
  const built = await build(context, session, [blueprint], flags.identity);
  if (!built.ok) return refused(context, flags, built.report);
  const { runId, steps, seconds } = built;
  if (flags.json) context.print(`${printJson({ ok: true, exitCode: EXIT_CODES.ok, changed: true, runId, steps, seconds, ...document })}\n`);
  else context.print(`Put back what was declared, in ${seconds.toFixed(1)} s. Next: bulkhead verify\n`);
  return EXIT_CODES.ok;
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
