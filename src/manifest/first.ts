/** The first manifest, written from the answers to the trust questions. */
import type { Boundary, HostAdmin, PresetName } from '../core/fleet.ts';
import { leastRung } from '../core/words.ts';
import { decide, QUESTIONS, type Answers } from './decide.ts';

export interface FirstTenant extends Boundary {
  readonly id: string;
  readonly policy?: PresetName;
}

export interface FirstManifest {
  readonly fleet: string;
  readonly answers: Answers;
  readonly tenants: readonly FirstTenant[];
  /** Who can read everything on this machine; a commented line to fill in when absent. */
  readonly admins?: readonly HostAdmin[];
}

/**
 * A commented bulkhead.yaml. Texts are quoted, not judged: give the result to `parseManifest` before writing it, it names
 * what is wrong with an id or an empty owner.
 */
export function renderFirstManifest(first: FirstManifest): string {
  const decision = decide(first.answers);
  const beyond = decision.isolation !== leastRung(decision.trust);
  const asked = QUESTIONS.map((question) => `#   ${question.text} ${first.answers[question.id]}`);
  return `${[
    '# Each tenant is one trust boundary with a Gateway of its own.',
    '# yaml-language-server: $schema=./bulkhead.schema.json   (written by: bulkhead schema > bulkhead.schema.json)',
    '#',
    '# The questions that led here:',
    ...asked,
    ...decision.reasons.map((reason) => `# → ${reason}`),
    '',
    `fleet: ${quote(first.fleet)}`,
    '',
    '# How any two tenants stand to each other: team, clients or adversarial.',
    `trust: ${decision.trust}`,
    '# relations:                        # exceptions for pairs',
    '#   - { between: [one, another], trust: team }',
    '',
    ...hosts(first.admins ?? []),
    '',
    'tenants:',
    ...first.tenants.flatMap((tenant) => tenantLines(tenant, beyond ? decision.isolation : undefined)),
    '# Things that tenants share on purpose: say what can go wrong, who accepts it, and until when.',
    '# namedRisks:',
    '#   - item: host-admins',
    `#     tenants: [${first.tenants.map(({ id }) => quote(id)).join(', ')}]`,
    '#     risk: …',
    '#     owner: …',
    '#     until: 2027-06-30',
  ].join('\n')}\n`;
}

function hosts(admins: readonly HostAdmin[]): string[] {
  const heading = '# Everybody who can read everything on this machine.';
  if (admins.length === 0) return [heading, '# hosts:', '#   local: { admins: [{ name: ops, how: root }] }'];
  return [heading, 'hosts:', '  local:', '    admins:', ...admins.map(({ name, how }) => `      - { name: ${quote(name)}, how: ${quote(how)} }`)];
}

function tenantLines(tenant: FirstTenant, isolation: string | undefined): string[] {
  const upper = tenant.id.toUpperCase().replaceAll('-', '_');
  return [
    `  ${quote(tenant.id)}:`,
    '    boundary:',
    `      owner: ${quote(tenant.owner)}`,
    `      data: ${quote(tenant.data)}`,
    `      members: [${tenant.members.map(quote).join(', ')}]`,
    isolation === undefined ? '    # isolation: os-user              # default: the least rung that its trust allows' : `    isolation: ${isolation}`,
    `    policy: ${tenant.policy ?? 'support'}                   # tools: one of the presets that bulkhead policy list names`,
    '    # channels:',
    `    #   telegram: { bot: "700000001", botToken: { env: ${upper}_TELEGRAM_TOKEN } }`,
    '    # models:',
    `    #   anthropic: { apiKey: { env: ${upper}_ANTHROPIC_KEY } }`,
    '',
  ];
}

/** A JSON string is a YAML string, whatever it holds; a plain word where that means the same. */
export function quote(text: string): string {
  return /^[a-z][a-z0-9-]*$/.test(text) && !/^(?:null|true|false|yes|no|on|off|y|n)$/.test(text) ? text : JSON.stringify(text);
}
