/** What a manifest's tool policies say that OpenClaw would not do: names that it ignores, what a preset denies, a browser that a preset rules out. */
import type { PresetName } from '../core/fleet.ts';
import { PRESETS } from '../openclaw/presets/index.ts';
import { expandTools, isPolicyName, meansTool, POLICY_NAMES } from '../openclaw/tool-catalogue.ts';
import { nearest, type Complaint } from './problem.ts';
import { excerpt } from './text.ts';
import type { Spot } from './tree.ts';

/** Works on the tree; a policy of the wrong shape is told elsewhere. */
export function checkPolicies(root: Spot): Complaint[] {
  const complaints: Complaint[] = [];
  for (const [id, tenant] of root.entries?.get('tenants')?.entries ?? []) {
    const policy = tenant.entries?.get('policy');
    const preset = presetOf(policy);
    if (policy === undefined || preset === undefined) continue;
    const where = `tenants.${excerpt(id)}`;
    complaints.push(...checkLists(policy, { preset, where: `${where}.policy` }), ...checkBrowser(tenant, { preset, where, policy }));
  }
  return complaints;
}

function presetOf(policy: Spot | undefined): PresetName | undefined {
  const name = policy?.entries === undefined ? policy?.value : policy.entries.get('preset')?.value;
  // A name of the record.
  return typeof name === 'string' && Object.hasOwn(PRESETS, name) ? (name as PresetName) : undefined;
}

function checkLists(policy: Spot, { preset, where }: { readonly preset: PresetName; readonly where: string }): Complaint[] {
  const complaints: Complaint[] = [];
  const [allow, alsoAllow] = [policy.entries?.get('allow'), policy.entries?.get('alsoAllow')];
  if (namesOf(allow).length > 0 && namesOf(alsoAllow).length > 0)
    complaints.push({
      at: alsoAllow?.keyAt ?? policy.at,
      text: 'alsoAllow',
      message: `${where} has "allow" and "alsoAllow": OpenClaw takes one of them; put every tool into "allow"`,
    });
  const denied = expandTools(PRESETS[preset].config.tools.deny);
  for (const list of ['allow', 'alsoAllow', 'deny'] as const) {
    for (const [index, spot] of namesOf(policy.entries?.get(list)).entries()) {
      const name = String(spot.value);
      const at = { at: spot.at, text: excerpt(name) };
      const tools = expandTools([name]);
      if (!isPolicyName(name))
        complaints.push({
          ...at,
          message: `"${excerpt(name)}" in ${where}.${list}[${index}] is no tool of OpenClaw, which would ignore it; a tool of a plugin is written as a pattern: "${excerpt(name)}*"`,
          suggest: () => nearest(name, POLICY_NAMES),
        });
      else if (list !== 'deny' && tools.every((tool) => meansTool(denied, tool)))
        complaints.push({
          ...at,
          message: `${where}.${list}[${index}] names "${excerpt(name)}", which the preset ${preset} denies: deny wins, so choose another preset`,
        });
    }
  }
  return complaints;
}

function namesOf(list: Spot | undefined): readonly Spot[] {
  return list !== undefined && Array.isArray(list.value) ? [...(list.entries?.values() ?? [])].filter(({ value }) => typeof value === 'string') : [];
}

function checkBrowser(
  tenant: Spot,
  { preset, where, policy }: { readonly preset: PresetName; readonly where: string; readonly policy: Spot },
): Complaint[] {
  const browser = tenant.entries?.get('browser');
  const isOn = browser?.value === 'on';
  const { browser: wants } = PRESETS[preset];
  if (wants === 'needed' && !isOn)
    return [
      {
        at: browser?.at ?? policy.at,
        text: excerpt(String(browser?.value ?? preset)),
        message: `${where} has the policy ${preset}, which needs a browser: say "browser: on"`,
      },
    ];
  if (wants !== 'refused' || !isOn || browser === undefined) return [];
  const others = Object.values(PRESETS).filter(({ browser: takes }) => takes === 'needed' || takes === 'possible');
  return [
    {
      at: browser.at,
      text: 'on',
      message: `${where} has the policy ${preset}, which denies the browser: say "browser: off", or choose one of ${others.map(({ name }) => name).join(', ')}`,
    },
  ];
}
