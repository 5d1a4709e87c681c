/** Commands before anything is built: a manifest and what it comes to. Each with its flags and its help; the body is loaded when it runs. */
import { buildCommand } from '@stricli/core';
import { reportFlags } from '../report-flags.ts';
import { commonAliases, commonFlags, fileFlag, jsonFlag, tenantParameter, tenantsParameter, text } from '../flags.ts';

export const init = buildCommand({
  loader: async () => (await import('../commands/init.ts')).init,
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

export const decide = buildCommand({
  loader: async () => (await import('../commands/decide.ts')).decide,
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

export const schema = buildCommand({
  loader: async () => (await import('../commands/schema.ts')).schema,
  parameters: { flags: { json: jsonFlag } },
  docs: { brief: 'Print the JSON Schema of the manifest, for editors', fullDescription: '  bulkhead schema > bulkhead.schema.json' },
});

export const place = buildCommand({
  loader: async () => (await import('../commands/place.ts')).place,
  parameters: {
    flags: {
      file: fileFlag,
      json: jsonFlag,
      atRest: { kind: 'boolean', default: false, brief: 'Count what a gateway takes at rest, 0.8 GB, and not the most that its limit allows' },
    },
    aliases: commonAliases,
  },
  docs: {
    brief: 'Propose a host for every tenant from trust, rung, memory and disk; moves nobody',
    fullDescription:
      'Asks each host how much memory it has. Whoever can stay stays. Exit 1 when a move is proposed or a tenant fits nowhere, 3 when a tenant’s host could not be asked.\n\n  bulkhead place\n  bulkhead place --at-rest --json',
  },
});

export const plan = buildCommand({
  loader: async () => (await import('../commands/plan.ts')).plan,
  parameters: { flags: { ...commonFlags, ...reportFlags }, aliases: commonAliases, positional: tenantsParameter },
  docs: {
    brief: 'Judge the manifest and print the exact commands that apply would run',
    fullDescription:
      'Changes nothing. Exit 1 when a check refuses the manifest, 2 when it cannot be read.\n\n  bulkhead plan\n  bulkhead plan -f examples/agency.yaml --json\n  bulkhead plan --format sarif > plan.sarif',
  },
});

export const show = buildCommand({
  loader: async () => (await import('../commands/show.ts')).show,
  parameters: { flags: commonFlags, aliases: commonAliases, positional: tenantParameter },
  docs: {
    brief: 'Print every path, port, user, variable and config key of a tenant',
    fullDescription: '  bulkhead show acme\n  bulkhead show acme --json',
  },
});
