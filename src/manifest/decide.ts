/** The trust questions, and what their answers ask for: agent, Gateway, OS user or machine. */
import { leastRung, stricterTrust, type Rung, type Trust } from '../core/words.ts';

/** In the order in which they are asked; answers mildest first. */
export const QUESTIONS = [
  {
    id: 'same-people',
    flag: '--same-people',
    text: 'Are the same people behind both tenants?',
    answers: {
      yes: 'one person',
      team: 'one team that works together',
      no: 'different people: departments with duties of their own, clients',
      strangers: 'anybody who signs up',
    },
  },
  {
    id: 'same-data',
    flag: '--same-data',
    text: 'May each of them read everything the other one keeps?',
    answers: { yes: 'the data is common', no: 'the data is separate' },
  },
  {
    id: 'reach',
    flag: '--reach',
    text: 'Who can message or call the agent?',
    answers: { members: 'only its own members', outsiders: 'people its members know: customers, suppliers', anyone: 'anybody' },
  },
  {
    id: 'tools',
    flag: '--tools',
    text: 'Which tools can it reach?',
    answers: {
      answers: 'it answers and looks things up',
      powerful: 'it runs commands, writes files, drives a browser or holds production credentials',
    },
  },
  {
    id: 'incident',
    flag: '--incident',
    text: 'Would it be an incident if one saw the data of the other?',
    answers: { no: 'no', yes: 'yes, somebody would have to be told' },
  },
  {
    id: 'trust-admins',
    flag: '--trust-admins',
    text: 'Do they trust the administrators of your machines?',
    answers: { yes: 'yes', no: 'no' },
  },
  {
    id: 'own-machine',
    flag: '--own-machine',
    text: 'Does a contract, a regulation or the expected loss justify a machine of its own?',
    answers: { no: 'no', yes: 'yes' },
  },
] as const;

export type Question = (typeof QUESTIONS)[number];
/** One answer per question id. */
export type Answers = { readonly [Q in Question as Q['id']]: keyof Q['answers'] };

export interface Decision {
  readonly agent: 'enough' | 'not enough';
  readonly gateway: 'no' | 'optional' | 'required';
  readonly osUser: 'no' | 'recommended' | 'required' | 'not sufficient' | 'no help';
  readonly host: 'no' | 'optional' | 'worth the cost' | 'required' | 'only their own';
  readonly trust: Trust;
  readonly isolation: Rung;
  /** What led there, the deciding one first. */
  readonly reasons: readonly string[];
}

/** Reads answers given as text; says which are missing or not among the allowed ones. */
export function readAnswers(
  given: Readonly<Record<string, string>>,
): { readonly ok: true; readonly answers: Answers } | { readonly ok: false; readonly problems: readonly string[] } {
  const problems = Object.keys(given)
    .filter((id) => !QUESTIONS.some((question) => question.id === id))
    .map((id) => `unknown question ${JSON.stringify(id.slice(0, 40))}; the questions are ${QUESTIONS.map((question) => question.id).join(', ')}`);
  for (const { id, answers } of QUESTIONS) {
    const answer = Object.hasOwn(given, id) ? given[id] : undefined;
    if (answer !== undefined && Object.hasOwn(answers, answer)) continue;
    problems.push(
      `${id} ${answer === undefined ? 'is not answered' : `cannot be ${JSON.stringify(answer.slice(0, 40))}`}: ${Object.keys(answers).join(', ')}`,
    );
  }
  // Every id was found above with one of its own answers.
  return problems.length > 0 ? { ok: false, problems } : { ok: true, answers: given as unknown as Answers };
}

type Row = Omit<Decision, 'reasons'> & { readonly when: (answers: Answers) => boolean; readonly reason: string };

/** The first row that fits decides; strictest first. */
const ROWS: readonly Row[] = [
  {
    when: (a) => a['tools'] === 'powerful' && (a['same-people'] === 'strangers' || a['reach'] === 'anyone'),
    reason: 'people nobody knows can steer an agent with powerful tools: one kernel is too thin a wall',
    agent: 'not enough',
    gateway: 'required',
    osUser: 'not sufficient',
    host: 'required',
    trust: 'adversarial',
    isolation: 'host',
  },
  {
    when: (a) => a['own-machine'] === 'yes',
    reason: 'a contract, a regulation or the expected loss asks for a machine of its own',
    agent: 'not enough',
    gateway: 'required',
    osUser: 'required',
    host: 'required',
    trust: 'clients',
    isolation: 'host',
  },
  {
    when: (a) => a['same-people'] === 'no' || a['same-people'] === 'strangers',
    reason: 'different people: what one of them makes the agent do must not reach the other',
    agent: 'not enough',
    gateway: 'required',
    osUser: 'required',
    host: 'optional',
    trust: 'clients',
    isolation: 'os-user',
  },
  {
    when: (a) => a['same-data'] === 'no' || a['incident'] === 'yes',
    reason: 'the data of one is not for the other: sessions and agents of one Gateway do not keep it apart',
    agent: 'not enough',
    gateway: 'required',
    osUser: 'required',
    host: 'optional',
    trust: 'clients',
    isolation: 'os-user',
  },
  {
    when: (a) => a['reach'] !== 'members',
    reason: 'messages of outsiders are read by one of the agents: it needs a tool policy, and a Gateway, of its own',
    agent: 'not enough',
    gateway: 'required',
    osUser: 'required',
    host: 'optional',
    trust: 'clients',
    isolation: 'os-user',
  },
  {
    when: (a) => a['same-people'] === 'team',
    reason: 'one team with common data: separate agents with narrow sessions are enough',
    agent: 'enough',
    gateway: 'optional',
    osUser: 'recommended',
    host: 'no',
    trust: 'team',
    isolation: 'profile',
  },
];

const ONE_PERSON: Omit<Decision, 'reasons'> & { readonly reason: string } = {
  reason: 'one person with common data: separate agents are enough',
  agent: 'enough',
  gateway: 'no',
  osUser: 'no',
  host: 'no',
  trust: 'team',
  isolation: leastRung('team'),
};

/** What the answers ask for. A stricter answer never asks for less. */
export function decide(answers: Answers): Decision {
  if (answers['trust-admins'] === 'no') return withoutTrustInAdmins(answers);
  const row = ROWS.find(({ when }) => when(answers)) ?? ONE_PERSON;
  const reasons = [row.reason];
  const { agent, gateway, osUser, trust, isolation } = row;
  const codeRuns = trust === 'clients' && row.host === 'optional' && answers['tools'] === 'powerful';
  if (codeRuns) reasons.push('the agents run commands or hold production credentials: a machine each is worth its cost');
  if (row.osUser === 'required' && answers['same-people'] === 'strangers')
    reasons.push('whoever signs up is unknown: keep powerful tools away, or give each a machine');
  return { agent, gateway, osUser, host: codeRuns ? 'worth the cost' : row.host, trust, isolation, reasons };
}

function withoutTrustInAdmins(answers: Answers): Decision {
  const other = decide({ ...answers, 'trust-admins': 'yes' });
  return {
    agent: 'not enough',
    gateway: 'required',
    osUser: 'no help',
    host: 'only their own',
    trust: stricterTrust('clients', other.trust),
    isolation: 'host',
    reasons: ['administrators of a machine read everything on it: only a machine or account of their own helps', ...other.reasons],
  };
}
