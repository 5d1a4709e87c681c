/** Every command: its flags, its help with examples, and where its body is loaded from when it runs. */
import { buildCommand } from '@stricli/core';
import type { CliContext } from './context.ts';
import { reportFlags } from './print-report.ts';
import { TRUSTS } from '../core/words.ts';
import { MOST_PAIRS } from '../probes/pairs.ts';
import { commonAliases, commonFlags, durationFlag, jsonFlag, parsePairs, parseSeed, tenantParameter, tenantsParameter } from './flags.ts';

const text = (brief: string, placeholder: string) => ({ kind: 'parsed', parse: String, optional: true, brief, placeholder }) as const;

const duration = (brief: string) => ({ kind: 'parsed', parse: durationFlag, optional: true, brief, placeholder: 'TIME' }) as const;

const plan = buildCommand({
  loader: async () => (await import('./commands/plan.ts')).plan,
  parameters: { flags: { ...commonFlags, ...reportFlags }, aliases: commonAliases, positional: tenantsParameter },
  docs: {
    brief: 'Judge the manifest and print the exact commands that apply would run',
    fullDescription:
      'Changes nothing. Exit 1 when a check refuses the manifest, 2 when it cannot be read.\n\n  bulkhead plan\n  bulkhead plan -f examples/agency.yaml --json\n  bulkhead plan --format sarif > plan.sarif',
  },
});

const apply = buildCommand({
  loader: async () => (await import('./commands/apply.ts')).apply,
  parameters: { flags: commonFlags, aliases: commonAliases, positional: tenantsParameter },
  docs: {
    brief: 'Build what the manifest declares; a second run finds nothing to do',
    fullDescription:
      'Takes the lease, writes one receipt per step, goes on where an interrupted run stopped.\n\n  bulkhead apply\n  bulkhead apply acme',
  },
});

const status = buildCommand({
  loader: async () => (await import('./commands/status.ts')).status,
  parameters: { flags: commonFlags, aliases: commonAliases, positional: tenantsParameter },
  docs: { brief: 'Show which gateways run, asked over their own WebSocket', fullDescription: '  bulkhead status\n  bulkhead status --json' },
});

const start = buildCommand({
  loader: async () => (await import('./commands/service.ts')).start,
  parameters: { flags: commonFlags, aliases: commonAliases, positional: tenantsParameter },
  docs: { brief: 'Start gateways that apply has built', fullDescription: '  bulkhead start acme' },
});

const stop = buildCommand({
  loader: async () => (await import('./commands/service.ts')).stop,
  parameters: { flags: commonFlags, aliases: commonAliases, positional: tenantsParameter },
  docs: { brief: 'Stop gateways; their state stays', fullDescription: '  bulkhead stop acme' },
});

const restart = buildCommand({
  loader: async () => (await import('./commands/service.ts')).restart,
  parameters: { flags: commonFlags, aliases: commonAliases, positional: tenantsParameter },
  docs: { brief: 'Stop and start gateways', fullDescription: '  bulkhead restart acme' },
});

const logs = buildCommand({
  loader: async () => (await import('./commands/logs.ts')).logs,
  parameters: {
    flags: {
      ...commonFlags,
      lines: { kind: 'parsed', parse: Number, default: '50', brief: 'How many lines from the end (at most 10000)', placeholder: 'N' },
    },
    aliases: { ...commonAliases, n: 'lines' },
    positional: tenantParameter,
  },
  docs: { brief: "Print the end of a gateway's log, escaped", fullDescription: '  bulkhead logs acme\n  bulkhead logs -n 200 acme' },
});

const exec = buildCommand({
  loader: async () => (await import('./commands/exec.ts')).exec,
  parameters: {
    flags: commonFlags,
    aliases: commonAliases,
    positional: {
      kind: 'array',
      parameter: { brief: 'Tenant, then the program and its arguments', parse: String, placeholder: 'tenant program' },
      minimum: 2,
    },
  },
  docs: {
    brief: 'Run a program inside a boundary, exactly where the gateway runs',
    fullDescription: '  bulkhead exec -- acme openclaw security audit --json\n  bulkhead exec acme -- openclaw status',
  },
});

const remove = buildCommand({
  loader: async () => (await import('./commands/remove.ts')).remove,
  parameters: {
    flags: { ...commonFlags, confirm: text('The name of the tenant once more', 'tenant') },
    aliases: commonAliases,
    positional: tenantParameter,
  },
  docs: { brief: 'Delete a tenant: its processes, user, network and files', fullDescription: '  bulkhead remove acme --confirm acme' },
});

const verify = buildCommand({
  loader: async () => (await import('./commands/verify.ts')).verify,
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
      'Exit 0 all pass, 1 findings, 3 something could not be verified, 4 a live breach; a watch ends with that of its last verdict.\n\n  bulkhead verify\n  bulkhead verify --max-age 1h\n  bulkhead verify --watch --webhook-file /etc/bulkhead/webhook --metrics /var/lib/prometheus/node-exporter/bulkhead.prom\n  bulkhead verify --json --no-audit\n  bulkhead verify --pairs all\n  bulkhead verify --format junit > verify.xml',
  },
});

const scan = buildCommand({
  loader: async () => (await import('./commands/scan.ts')).scan,
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
      write: text('Write a manifest for adoption there; never over a file that exists', 'FILE'),
    },
  },
  docs: {
    brief: 'Find every OpenClaw gateway of this machine or a cluster, whoever built it, and judge what they share',
    fullDescription:
      'Reads only: nothing is started, written or connected to; of a cluster its API is asked. As root it sees all; otherwise it says what it could not see.\nExit 0 nothing found wrong, 1 findings, 3 something could not be looked at.\n\n  bulkhead scan\n  bulkhead scan --trust team\n  bulkhead scan --json --fail-on critical\n  bulkhead scan --compose docker-compose.yml --format sarif > scan.sarif\n  bulkhead scan --kubeconfig ~/.kube/config\n  bulkhead scan --write bulkhead.yaml',
  },
});

const checklist = buildCommand({
  loader: async () => (await import('./commands/checklist.ts')).checklist,
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

const show = buildCommand({
  loader: async () => (await import('./commands/show.ts')).show,
  parameters: { flags: commonFlags, aliases: commonAliases, positional: tenantParameter },
  docs: {
    brief: 'Print every path, port, user, variable and config key of a tenant',
    fullDescription: '  bulkhead show acme\n  bulkhead show acme --json',
  },
});

const init = buildCommand({
  loader: async () => (await import('./commands/init.ts')).init,
  parameters: {
    flags: {
      ...commonFlags,
      fleet: text('Name of the fleet', 'NAME'),
      tenant: {
        kind: 'parsed',
        parse: String,
        variadic: true,
        optional: true,
        brief: 'Tenant to declare: id=owner@example=what data it holds',
        placeholder: 'TENANT',
      },
      answer: {
        kind: 'parsed',
        parse: String,
        variadic: true,
        optional: true,
        brief: 'Answer to a trust question: question=answer; see bulkhead decide',
        placeholder: 'Q=A',
      },
      force: { kind: 'boolean', default: false, brief: 'Overwrite an existing manifest' },
    },
    aliases: commonAliases,
  },
  docs: {
    brief: 'Write a first manifest by asking the trust questions',
    fullDescription:
      '  bulkhead init\n  bulkhead init --fleet hexaworks --tenant "acme=ops@acme.example=support tickets" --answer same-people=no --answer same-data=no --answer reach=outsiders --answer tools=answers --answer incident=yes --answer trust-admins=yes --answer own-machine=no',
  },
});

const decide = buildCommand({
  loader: async () => (await import('./commands/decide.ts')).decide,
  parameters: {
    flags: {
      json: jsonFlag,
      answer: {
        kind: 'parsed',
        parse: String,
        variadic: true,
        optional: true,
        brief: 'question=answer; without it the questions are asked',
        placeholder: 'Q=A',
      },
    },
  },
  docs: {
    brief: 'Say whether a separate agent, Gateway, OS user or host is needed',
    fullDescription:
      '  bulkhead decide\n  bulkhead decide --answer same-people=no --answer same-data=no --answer reach=outsiders --answer tools=answers --answer incident=yes --answer trust-admins=yes --answer own-machine=no',
  },
});

const schema = buildCommand({
  loader: async () => (await import('./commands/schema.ts')).schema,
  parameters: { flags: { json: jsonFlag } },
  docs: { brief: 'Print the JSON Schema of the manifest, for editors', fullDescription: '  bulkhead schema > bulkhead.schema.json' },
});

const explain = buildCommand({
  loader: async () => (await import('./commands/explain.ts')).explain,
  parameters: {
    flags: { json: jsonFlag, list: { kind: 'boolean', default: false, brief: 'Name every check, attack and question' } },
    positional: { kind: 'array', parameter: { brief: 'Checks, attacks or questions (default: name them all)', parse: String, placeholder: 'id' } },
  },
  docs: {
    brief: 'Say why a check or attack exists, how it decides and what to do; answer common questions',
    fullDescription: '  bulkhead explain state.dir-shared\n  bulkhead explain hostile-one-gateway\n  bulkhead explain --list',
  },
});

const install = buildCommand({
  loader: async () => (await import('./commands/install.ts')).install,
  parameters: { flags: { stateDir: commonFlags.stateDir, json: jsonFlag } },
  docs: { brief: 'Install the OpenClaw and Node that tenants run, read-only for them', fullDescription: '  bulkhead install' },
});

const demo = buildCommand({
  loader: async () => (await import('./commands/demo.ts')).demo,
  parameters: { flags: { json: jsonFlag, keep: { kind: 'boolean', default: false, brief: 'Leave the two tenants running' } } },
  docs: {
    brief: 'Build two real tenants, attack them, break a boundary, show the verdict flip, restore it, tear down',
    fullDescription: '  bulkhead demo\n  bulkhead demo --keep',
  },
});

/** In the order in which `--help` lists them. */
export const routes = {
  init,
  decide,
  schema,
  plan,
  apply,
  status,
  verify,
  scan,
  checklist,
  explain,
  show,
  exec,
  logs,
  start,
  stop,
  restart,
  remove,
  install,
  demo,
};

export type Routes = typeof routes;
export type { CliContext };
