/** Commands that look, attack, judge and explain. Each with its flags and its help; the body is loaded when it runs. */
import { buildCommand } from '@stricli/core';
import { TRUSTS } from '../../core/words.ts';
import { MOST_PAIRS } from '../../probes/pairs.ts';
import { reportFlags } from '../report-flags.ts';
import { commonAliases, commonFlags, duration, identityFlag, jsonFlag, parsePairs, parseSeed, tenantsParameter, text } from '../flags.ts';

export const verify = buildCommand({
  loader: async () => (await import('../commands/verify.ts')).verify,
  parameters: {
    flags: {
      ...commonFlags,
      ...reportFlags,
      audit: { kind: 'boolean', default: true, brief: 'Run openclaw security audit inside each boundary (about 5 s each)' },
      probes: { kind: 'boolean', default: true, brief: 'Attack each tenant from each other one' },
      pairs: {
        kind: 'parsed',
        parse: parsePairs,
        default: String(MOST_PAIRS),
        brief: 'Most ordered pairs to attack, or all; beyond it a ring and random ones',
        placeholder: 'N|all',
      },
      pairsSeed: {
        kind: 'parsed',
        parse: parseSeed,
        optional: true,
        brief: 'Choose the pairs that an earlier run with this seed chose',
        placeholder: 'SEED',
      },
      liftPolicy: {
        kind: 'boolean',
        default: false,
        brief: 'Attack as every agent once more without its policy, by a second gateway (about 40 s and 2 GiB each, one at a time)',
      },
      watch: { kind: 'boolean', default: false, brief: 'Keep verifying until interrupted, and tell what changes' },
      every: duration('With --watch: time between two looks at facts and checks (default: 30s)'),
      attackEvery: duration('With --watch: attack at least this often; always when something attacks depend on has changed (default: 6h)'),
      webhook: text('With --watch: https:// address that changes are posted to; others see it in the list of processes', 'URL'),
      webhookFile: text('With --watch: file that holds the address of the webhook', 'FILE'),
      metrics: text('With --watch: file for Prometheus metrics, for node_exporter’s textfile collector', 'FILE'),
      maxAge: duration('Take over attacks and audits that are younger, where nothing they depend on has changed; without it, attack'),
    },
    aliases: commonAliases,
  },
  docs: {
    brief: 'Collect facts, attack every boundary from inside every other, and judge',
    fullDescription:
      'Exit 0 all pass, 1 findings, 3 something could not be verified, 4 a live breach; a watch ends with that of its last verdict.\n\n  bulkhead verify\n  bulkhead verify --max-age 1h\n  bulkhead verify --watch --webhook-file /etc/bulkhead/webhook --metrics /var/lib/prometheus/node-exporter/bulkhead.prom\n  bulkhead verify --json --no-audit\n  bulkhead verify --pairs all\n  bulkhead verify --lift-policy\n  bulkhead verify --format junit > verify.xml',
  },
});

export const scan = buildCommand({
  loader: async () => (await import('../commands/scan.ts')).scan,
  parameters: {
    flags: {
      json: jsonFlag,
      ...reportFlags,
      trust: { kind: 'enum', values: TRUSTS, default: 'clients', brief: 'How gateways that were found stand to each other' },
      host: { kind: 'parsed', parse: String, default: 'local', brief: 'Machine to look at', placeholder: 'HOST' },
      compose: {
        kind: 'parsed',
        parse: String,
        variadic: true,
        optional: true,
        brief: 'Compose file whose services count too; may be repeated',
        placeholder: 'FILE',
      },
      kubeconfig: text('Cluster whose gateways count too: kubectl reads its workloads, never a Secret', 'FILE'),
      attack: {
        kind: 'boolean',
        default: false,
        brief: 'Attack gateways in containers of Docker and Podman from inside each other, and audit each: canaries are planted and taken away',
      },
      audit: { kind: 'boolean', default: true, brief: 'With --attack: run openclaw security audit in each container too' },
      write: text('Write a manifest for adoption there; never over a file that exists', 'FILE'),
    },
  },
  docs: {
    brief: 'Find every OpenClaw gateway of this machine or a cluster, whoever built it, and judge what they share',
    fullDescription:
      'Reads only: nothing is started, written or connected to; of a cluster its API is asked. As root it sees all; otherwise it says what it could not see.\nWith --attack programs of Bulkhead run in the containers that were found, for as long as the attack lasts.\nExit 0 nothing found wrong, 1 findings, 3 something could not be looked at, 4 an attack got through.\n\n  bulkhead scan\n  bulkhead scan --trust team\n  bulkhead scan --json --fail-on critical\n  bulkhead scan --compose docker-compose.yml --format sarif > scan.sarif\n  bulkhead scan --kubeconfig ~/.kube/config\n  bulkhead scan --attack\n  bulkhead scan --write bulkhead.yaml',
  },
});

export const channels = buildCommand({
  loader: async () => (await import('../commands/channels.ts')).channels,
  parameters: {
    flags: {
      ...commonFlags,
      online: { kind: 'boolean', default: false, brief: 'Ask Telegram, Slack, Discord, Matrix and Mattermost whose token it is' },
      identity: identityFlag,
      providerUrl: {
        kind: 'parsed',
        parse: String,
        variadic: true,
        optional: true,
        brief: 'With --online: server in the place of the provider’s, CHANNEL=URL; may be repeated',
        placeholder: 'CHANNEL=URL',
      },
    },
    aliases: commonAliases,
  },
  docs: {
    brief: 'List each tenant’s channel accounts, how they are known, and which are shared',
    fullDescription:
      'Secrets are never shown. Nobody is asked without --online; then this command sends each tenant’s token to its provider, from here.\nExit 0 none is shared, 1 two tenants have one account, 3 something could not be looked at or asked.\n\n  bulkhead channels\n  bulkhead channels --online\n  bulkhead channels --online --provider-url telegram=https://bots.example --json',
  },
});

export const checklist = buildCommand({
  loader: async () => (await import('../commands/checklist.ts')).checklist,
  parameters: {
    flags: { ...commonFlags, markdown: { kind: 'boolean', default: false, brief: 'Markdown instead of terminal text' } },
    aliases: commonAliases,
    positional: tenantsParameter,
  },
  docs: {
    brief: 'Print the one-page boundary checklist from the latest verification',
    fullDescription:
      'A shared item without a named risk, owner and expiry exits non-zero.\n\n  bulkhead checklist acme\n  bulkhead checklist acme --markdown > acme.md',
  },
});

export const explain = buildCommand({
  loader: async () => (await import('../commands/explain.ts')).explain,
  parameters: {
    flags: { json: jsonFlag, list: { kind: 'boolean', default: false, brief: 'Name every check, attack and question' } },
    positional: { kind: 'array', parameter: { brief: 'Checks, attacks or questions (default: name them all)', parse: String, placeholder: 'id' } },
  },
  docs: {
    brief: 'Say why a check or attack exists, how it decides and what to do; answer common questions',
    fullDescription: '  bulkhead explain state.dir-shared\n  bulkhead explain hostile-one-gateway\n  bulkhead explain --list',
  },
});
