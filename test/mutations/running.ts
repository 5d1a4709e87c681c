/** What a running gateway does or says that is not what was declared. */
import { known, type Facts, type TenantFacts } from '../../src/core/facts.ts';
import { cleanConfig, observedFacts, withAudit } from '../../src/checks/testing/clean-facts.ts';
import { readLiveConfig } from '../../src/openclaw/live-config.ts';
import { merge, type Json } from '../../src/openclaw/merge.ts';
import type { Mutation } from './mutation.ts';

const atAcme = (change: (tenant: TenantFacts) => Partial<TenantFacts>): Facts => observedFacts({}, { acme: change });
const claim = (change: { readonly configPath?: string; readonly stateDir?: string }): Facts =>
  atAcme(({ claim: said }) => (said.known ? { claim: known({ ...said.value, ...change }, 'test') } : {}));
const loopback: (tenant: TenantFacts) => Partial<TenantFacts> = ({ process: seen }) =>
  seen.known && seen.value !== null ? { process: known({ ...seen.value, namespaces: { ...seen.value.namespaces, net: '22' } }, 'test') } : {};
const rendered = cleanConfig('/t/acme', 1);
/** acme's config as it lies there, beside the one that was rendered. */
const live = (patch: Readonly<Json>): Facts =>
  atAcme(() => ({ policy: known(readLiveConfig(merge(rendered, patch), 'support', rendered).policy, 'test') }));
const inside = (change: object): Facts =>
  atAcme(({ audit }) => (audit.known ? { audit: known({ ...audit.value, ranAs: { ...audit.value.ranAs, ...change } }, 'test') } : {}));

export const running: readonly Mutation[] = [
  { id: 'gateway.claim-mismatch', disguise: 'the state of another', facts: () => claim({ stateDir: '/t/globex/state' }) },
  { id: 'gateway.claim-mismatch', disguise: 'another config', facts: () => claim({ configPath: '/t/acme/config/other.json' }) },
  { id: 'net.loopback-shared', disguise: 'one joined the namespace of the other', also: ['audit.not-inside'], facts: () => atAcme(loopback) },
  { id: 'status.output-shared', disguise: 'two ports, one answer', facts: () => atAcme(() => ({ statusDigest: known('status-globex', 'test') })) },
  { id: 'policy.drift', disguise: 'one key less', facts: () => live({ tools: { fs: { workspaceOnly: undefined } } }) },
  { id: 'policy.drift', disguise: 'one key more', facts: () => live({ tools: { exec: { mode: 'full' } } }) },
  { id: 'policy.drift', disguise: 'a list in another order', facts: () => live({ tools: { deny: ['write', 'group:runtime'] } }) },
  { id: 'policy.drift', disguise: 'plugins by chat', facts: () => live({ commands: { plugins: true } }) },
  {
    id: 'policy.drift',
    disguise: 'behind thirty thousand keys of its own',
    facts: () =>
      live({ models: Object.fromEntries(Array.from({ length: 30_000 }, (_, at) => [`m${at}`, at])), env: { vars: { NODE_OPTIONS: '-r /x' } } }),
  },
  {
    id: 'policy.missing',
    disguise: 'the keys without values',
    also: ['policy.drift'],
    facts: () => live({ tools: { profile: undefined, allow: undefined, deny: undefined } }),
  },
  { id: 'audit.not-inside', disguise: 'as root', facts: () => inside({ uid: 0 }) },
  { id: 'audit.not-inside', disguise: 'of another config', facts: () => inside({ configPath: '/root/.openclaw/openclaw.json' }) },
  { id: 'audit.not-inside', disguise: 'outside of its namespaces', facts: () => inside({ namespaces: { mnt: '1', net: '12', pid: '13' } }) },
  {
    id: 'audit.warnings',
    disguise: 'a warning about something else',
    facts: () => withAudit({ findings: [{ checkId: 'hooks.something', severity: 'warn', title: 't', detail: 'd' }] }),
  },
];
