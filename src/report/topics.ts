/** Questions that buyers and operators ask, with answers that hold for OpenClaw 2026.9.6. `bulkhead explain <id>`. */

export interface Topic {
  readonly id: string;
  readonly question: string;
  /** Begins with the answer itself; paragraphs. */
  readonly answer: readonly string[];
  /** Checks, probes and commands that show it. */
  readonly see: readonly string[];
}

export const TOPICS: readonly Topic[] = [
  {
    id: 'hostile-one-gateway',
    question: 'Can one Gateway keep hostile tenants apart?',
    answer: [
      'No. One OpenClaw Gateway is one trusted operator boundary: its token opens all of it, its agents share a process, plugins and logins.',
      'OpenClaw says so itself (docs/gateway/security/trust-model.md). Give each tenant a Gateway, and more than a path where they do not trust each other.',
    ],
    see: ['boundary.shared-gateway', 'boundary.shared-tool-agent', 'boundary.agents-as-tenants'],
  },
  {
    id: 'recommended-pattern',
    question: 'Which pattern is recommended?',
    answer: [
      'One Gateway per trust boundary, each with its own config, state, workspace, credentials, channel identity, browser and ports.',
      'Clients get an OS user each with a network of its own; people who would attack each other get a machine each. `bulkhead decide` asks the questions that settle it.',
    ],
    see: ['boundary.rung-too-low', 'boundary.undefined', 'os.shared-uid'],
  },
  {
    id: 'session-keys',
    question: 'Is a session key an authorization?',
    answer: [
      'No. A session key picks the conversation that a message belongs to. Whoever may call the Gateway may name any key.',
      'The same holds for model names, agent ids and the `user` field of a request: they route, they do not admit.',
    ],
    see: ['boundary.sessionkey-as-boundary', 'boundary.model-as-boundary'],
  },
  {
    id: 'operator-scopes',
    question: 'Do operator scopes and roles separate tenants?',
    answer: [
      'No. They keep honest operators of one boundary from slips. The shared token has all scopes, whatever a request asks for.',
      'Split the Gateway where the people differ; use scopes within it.',
    ],
    see: ['boundary.scopes-as-boundary'],
  },
  {
    id: 'profiles',
    question: 'Do profiles help?',
    answer: [
      'Yes, among people who trust each other: a profile moves config, state and ports, so that gateways of one OS user do not get into each other’s way.',
      'They are no wall. The agent of one profile opens the files of the other, and setting OPENCLAW_PROFILE alone does not even select its config.',
    ],
    see: ['boundary.profile-only', 'boundary.env-profile-only', 'port.profile-hash'],
  },
  {
    id: 'one-company-bot',
    question: 'When is one Gateway for several people enough?',
    answer: [
      'When they are one cooperating team, may all read the same business data, and the Gateway serves nothing else. All three must hold.',
      'Otherwise a Gateway each. `bulkhead decide --answer same-people=… --answer same-data=…` gives the answer with its reasons.',
    ],
    see: ['boundary.undefined'],
  },
  {
    id: 'group-allowlists',
    question: 'Does a group or sender allowlist protect against a member of it?',
    answer: [
      'No. It says who may start a turn, not what the turn may do: everybody on the list has every tool that the agent has.',
      'Take the powerful tools away from an agent that several people write to, or split it.',
    ],
    see: ['policy.allowlist-as-isolation'],
  },
  {
    id: 'prompt-rules',
    question: 'Can instructions in AGENTS.md or SOUL.md restrict tools?',
    answer: [
      'No. A model may follow them and may be talked out of them. What must not happen has to be denied in the Gateway’s tool policy.',
      'Bulkhead renders the policy of each boundary and asks the running gateway what it really offers.',
    ],
    see: ['policy.prompt-only', 'policy.missing', 'policy.drift'],
  },
  {
    id: 'open-webui',
    question: 'May several customers use one Open WebUI key?',
    answer: [
      'No. The key is the Gateway’s own token: every customer behind it is the operator of everything in it.',
      'Give each customer a Gateway, and Open WebUI one connection and key per customer.',
    ],
    see: ['api.openwebui-key-shared', 'api.openai-http-exposed'],
  },
  {
    id: 'audit-on-the-host',
    question: 'Is one `openclaw security audit` on the host enough?',
    answer: [
      'No. The audit reads the config and state of whoever runs it. Run as root on the host, it says nothing about the tenants.',
      'Bulkhead runs it inside each boundary and records as whom, in which namespaces and on which config. It exits 0 even with critical findings, so its JSON is read.',
    ],
    see: ['audit.not-inside', 'audit.findings'],
  },
  {
    id: 'fleet-doctor',
    question: 'Is a clean `openclaw fleet doctor` a proof of isolation?',
    answer: [
      'No. It looks at whether cells are healthy and well formed. A cell that has another tenant’s data mounted passes it.',
      'Bulkhead compares what all tenants have, and then attacks each from inside each other one.',
    ],
    see: ['path.bind-mount', 'container.privileged'],
  },
];
