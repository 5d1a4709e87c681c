/** Leaks by way of tool policy and audits. */
import { known, unknown, type Facts } from '../../src/core/facts.ts';
import { observedFacts, withAudit, withConfig } from '../../src/checks/testing/clean-facts.ts';
import { declaredFleet } from './declared-fleet.ts';
import type { Mutation } from './mutation.ts';
import { seededTrees } from './seeded-trees.ts';

const CODING = { profile: 'coding', deny: ['group:automation', 'group:nodes'] };
const OPEN = { channels: { telegram: { dmPolicy: 'open' } } };

const MESSAGING = { profile: 'messaging', deny: ['group:runtime', 'group:automation'] };
const giving = (tools: readonly string[]): Facts =>
  observedFacts(
    {},
    {
      acme: () => ({
        policy: known({ preset: 'support', restricted: true, drifted: [], rendered: MESSAGING }, 'test'),
        effective: known({ tools, sessions: 1 }, 'test'),
      }),
    },
  );

const READING = { alsoAllow: ['read'] };
const prompted = (file: string, text: string, config: Readonly<Record<string, unknown>>): Promise<Facts> =>
  seededTrees({ config, files: { [file]: `# Rules\n\n${text}\n` } }, {});

export const policy: readonly Mutation[] = [
  { id: 'policy.elevated', disguise: 'left at its default', facts: () => withConfig({ tools: { elevated: { enabled: undefined } } }) },
  { id: 'policy.elevated', disguise: 'on, as text', facts: () => withConfig({ tools: { elevated: { enabled: true, allowFrom: {} } } }) },
  {
    id: 'policy.elevated',
    disguise: 'in the config of a tree',
    facts: () => seededTrees({ config: { tools: { elevated: { enabled: true } } } }, {}),
  },
  {
    id: 'policy.allowlist-as-isolation',
    disguise: 'in the config of a tree, under an account',
    facts: () =>
      seededTrees({ config: { tools: CODING, channels: { telegram: { accounts: { desk: { allowFrom: ['1', '2', '3', '4', '5'] } } } } } }, {}),
  },
  { id: 'policy.http-allow', disguise: 'one tool', facts: () => withConfig({ gateway: { tools: { allow: ['exec'] } } }) },
  {
    id: 'policy.fs-deny-exec-open',
    disguise: 'exec by its alias',
    facts: () => withConfig({ tools: { alsoAllow: ['bash'], deny: ['write', 'edit', 'apply_patch'] } }),
  },
  {
    id: 'policy.fs-deny-exec-open',
    disguise: 'exec by a pattern',
    facts: () => withConfig({ tools: { alsoAllow: ['ex*'], deny: ['write', 'edit', 'apply_patch'] } }),
  },
  {
    id: 'policy.fs-not-workspace-only',
    disguise: 'one agent of two',
    facts: () => withConfig({ tools: { alsoAllow: ['read'] }, agents: { entries: { a: { tools: { fs: { workspaceOnly: false } } } } } }),
  },
  {
    id: 'policy.session-reach',
    disguise: 'left at its default',
    facts: () => withConfig({ agents: { entries: { a: {}, b: {} } }, tools: { sessions: { visibility: undefined } } }),
  },
  {
    id: 'policy.message-cross-context',
    disguise: 'across providers only',
    facts: () => withConfig({ tools: { message: { crossContext: { allowAcrossProviders: true } } } }),
  },
  { id: 'policy.plugins-open', disguise: 'a load path', facts: () => withConfig({ plugins: { load: { paths: ['/p'] } } }) },
  { id: 'policy.control-plane', disguise: 'through alsoAllow', facts: () => withConfig({ tools: { alsoAllow: ['openclaw'], deny: [] } }) },
  {
    id: 'policy.control-plane',
    disguise: 'an agent of its own',
    also: ['policy.fs-not-workspace-only'],
    facts: () => withConfig({ tools: { deny: [] }, agents: { entries: { ops: { tools: { alsoAllow: ['gateway'] } } } } }),
  },
  {
    id: 'policy.sandbox-off',
    disguise: 'an account that inherits it',
    facts: () => withConfig({ tools: CODING, channels: { telegram: { dmPolicy: 'open', accounts: { a: {} } } } }),
  },
  {
    id: 'policy.sandbox-off',
    disguise: 'a star among the senders',
    facts: () => withConfig({ tools: CODING, channels: { telegram: { allowFrom: ['4241', '*'] } } }),
  },
  {
    id: 'policy.sandbox-off',
    disguise: 'main sessions only',
    also: ['policy.sandbox-unreachable'],
    facts: () => withConfig({ tools: CODING, ...OPEN, agents: { defaults: { sandbox: { mode: 'non-main' } } } }),
  },
  { id: 'policy.sandbox-unreachable', disguise: 'for all sessions', facts: () => withConfig({ agents: { defaults: { sandbox: { mode: 'all' } } } }) },
  {
    id: 'policy.exec-past-sandbox',
    disguise: 'the host that a policy names',
    also: ['policy.sandbox-unreachable'],
    facts: () => withConfig({ tools: { ...CODING, exec: { host: 'gateway' } }, agents: { defaults: { sandbox: { mode: 'all' } } } }),
  },
  {
    id: 'policy.sandbox-unreachable',
    disguise: 'an agent that turns on what the defaults leave off',
    facts: () => withConfig({ agents: { entries: { ops: { sandbox: { mode: 'non-main' } } } } }),
  },
  {
    id: 'policy.allowlist-as-isolation',
    disguise: 'a group without senders',
    also: ['policy.sandbox-off'],
    facts: () => withConfig({ tools: CODING, channels: { telegram: { groupPolicy: 'allowlist', groups: { '-100': { requireMention: true } } } } }),
  },
  {
    id: 'policy.allowlist-as-isolation',
    disguise: 'the sender of another tenant, with spaces',
    also: ['channel.allowlist-overlap'],
    facts: () => withConfig({ tools: CODING, channels: { telegram: { allowFrom: [' 4242 '] } } }),
  },
  {
    id: 'policy.allowlist-as-isolation',
    disguise: 'a team in a manifest, with senders who are no members',
    facts: () =>
      declaredFleet({
        policy: 'team',
        acme: ['channels: { telegram: { bot: "700000001", botToken: { env: A }, allowFrom: ["900000001", "900000002"] } }'],
      }),
  },
  {
    id: 'policy.prompt-only',
    disguise: 'in the middle of a paragraph, in capitals',
    facts: () => prompted('workspace/SOUL.md', 'Be kind. You must NEVER open any other Files, whoever asks; be brief.', { tools: READING }),
  },
  {
    id: 'policy.prompt-only',
    disguise: 'for the second agent',
    facts: () =>
      prompted('desk/AGENTS.md', '- Only read files of the customer', {
        tools: READING,
        agents: { entries: { main: {}, desk: { workspace: 'ROOT/acme/desk' } } },
      }),
  },
  { id: 'policy.effective', disguise: 'one tool more than before', facts: () => giving(['message', 'session_status', 'exec']) },
  { id: 'policy.effective', disguise: 'through a group', facts: () => giving(['message', 'automations']) },
  { id: 'audit.suppressed', disguise: 'listed apart', facts: () => withAudit({ suppressed: ['fs.state_dir.perms'] }) },
  { id: 'audit.stale', disguise: 'a month old', facts: () => withAudit({ takenAt: '2026-10-20T00:00:00.000Z' }) },
  {
    id: 'audit.unreadable',
    disguise: 'the config was refused',
    facts: () => observedFacts({}, { acme: () => ({ audit: unknown('refused'), auditRun: known({ unreadable: 'it refused the config' }, 'test') }) }),
  },
  {
    id: 'audit.findings',
    disguise: 'a warning about the boundary',
    facts: () => withAudit({ findings: [{ checkId: 'fs.state_dir.perms', severity: 'warn', title: 't', detail: 'd' }] }),
  },
];
