import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decide, QUESTIONS, readAnswers, type Answers, type Decision } from './decide.ts';
import { leastRung, RUNGS, rungIsAtLeast, TRUSTS } from '../core/words.ts';

const MILDEST: Answers = {
  'same-people': 'yes',
  'same-data': 'yes',
  reach: 'members',
  tools: 'answers',
  incident: 'no',
  'trust-admins': 'yes',
  'own-machine': 'no',
};

function everyAnswer(): Answers[] {
  let all: Record<string, string>[] = [{}];
  for (const { id, answers } of QUESTIONS) all = all.flatMap((partial) => Object.keys(answers).map((answer) => ({ ...partial, [id]: answer })));
  return all.map((answers) => {
    const read = readAnswers(answers);
    if (!read.ok) throw new Error(read.problems.join());
    return read.answers;
  });
}

const ALL = everyAnswer();

test('the questions are asked in order: people, data, reach, tools, incident, admins, machine', () => {
  assert.deepEqual(
    QUESTIONS.map(({ id }) => id),
    ['same-people', 'same-data', 'reach', 'tools', 'incident', 'trust-admins', 'own-machine'],
  );
  for (const { id, flag } of QUESTIONS) assert.equal(flag, `--${id}`);
});

type Verdicts = readonly [Decision['agent'], Decision['gateway'], Decision['osUser'], Decision['host'], Decision['trust'], Decision['isolation']];
const TABLE: readonly (readonly [string, Partial<Answers>, Verdicts])[] = [
  ['one person with several personas', {}, ['enough', 'no', 'no', 'no', 'team', 'profile']],
  ['one team on common data', { 'same-people': 'team' }, ['enough', 'optional', 'recommended', 'no', 'team', 'profile']],
  [
    'departments with different data',
    { 'same-people': 'team', 'same-data': 'no' },
    ['not enough', 'required', 'required', 'optional', 'clients', 'os-user'],
  ],
  [
    'a team for which disclosure is an incident',
    { 'same-people': 'team', incident: 'yes' },
    ['not enough', 'required', 'required', 'optional', 'clients', 'os-user'],
  ],
  [
    'a bot that reads outsiders beside an operator',
    { 'same-people': 'team', reach: 'outsiders' },
    ['not enough', 'required', 'required', 'optional', 'clients', 'os-user'],
  ],
  [
    'the same with production credentials',
    { 'same-people': 'team', reach: 'outsiders', tools: 'powerful' },
    ['not enough', 'required', 'required', 'worth the cost', 'clients', 'os-user'],
  ],
  [
    'clients of an agency',
    { 'same-people': 'no', 'same-data': 'no', reach: 'outsiders', incident: 'yes' },
    ['not enough', 'required', 'required', 'optional', 'clients', 'os-user'],
  ],
  [
    'clients whose agents run code',
    { 'same-people': 'no', 'same-data': 'no', tools: 'powerful', incident: 'yes' },
    ['not enough', 'required', 'required', 'worth the cost', 'clients', 'os-user'],
  ],
  ['clients with a contract', { 'same-people': 'no', 'own-machine': 'yes' }, ['not enough', 'required', 'required', 'required', 'clients', 'host']],
  [
    'customers who sign up, with tools',
    { 'same-people': 'strangers', 'same-data': 'no', tools: 'powerful' },
    ['not enough', 'required', 'not sufficient', 'required', 'adversarial', 'host'],
  ],
  [
    'customers who sign up, without tools',
    { 'same-people': 'strangers', 'same-data': 'no' },
    ['not enough', 'required', 'required', 'optional', 'clients', 'os-user'],
  ],
  [
    'anybody may message, and code runs',
    { reach: 'anyone', tools: 'powerful' },
    ['not enough', 'required', 'not sufficient', 'required', 'adversarial', 'host'],
  ],
  ['personal and company accounts of one human', { 'same-data': 'no' }, ['not enough', 'required', 'required', 'optional', 'clients', 'os-user']],
  ['administrators who are not trusted', { 'trust-admins': 'no' }, ['not enough', 'required', 'no help', 'only their own', 'clients', 'host']],
];

for (const [title, answers, expected] of TABLE) {
  test(`decides for ${title}`, () => {
    const { agent, gateway, osUser, host, trust, isolation, reasons } = decide({ ...MILDEST, ...answers });
    assert.deepEqual([agent, gateway, osUser, host, trust, isolation], expected);
    assert.ok(reasons.length >= 1);
  });
}

test('no set of answers gets less isolation than its trust allows', () => {
  assert.equal(ALL.length, 4 * 2 * 3 * 2 * 2 * 2 * 2);
  for (const answers of ALL) {
    const decision = decide(answers);
    assert.ok(rungIsAtLeast(decision.isolation, leastRung(decision.trust)), JSON.stringify(answers));
    assert.ok(decision.agent === 'not enough' || decision.gateway !== 'required');
  }
});

test('a stricter answer never asks for less', () => {
  for (const answers of ALL) {
    const before = decide(answers);
    for (const { id, answers: allowed } of QUESTIONS) {
      const words = Object.keys(allowed);
      for (const stricter of words.slice(words.indexOf(answers[id]) + 1)) {
        const read = readAnswers({ ...answers, [id]: stricter });
        assert.ok(read.ok);
        const after = decide(read.answers);
        const change = `${id}=${stricter} on ${JSON.stringify(answers)}`;
        assert.ok(TRUSTS.indexOf(after.trust) >= TRUSTS.indexOf(before.trust), change);
        assert.ok(RUNGS.indexOf(after.isolation) >= RUNGS.indexOf(before.isolation), change);
        assert.ok(before.agent === 'enough' || after.agent === 'not enough', change);
      }
    }
  }
});

test('answers as text are read, or every one that is missing or wrong is named', () => {
  assert.deepEqual(readAnswers(MILDEST), { ok: true, answers: MILDEST });
  assert.deepEqual(readAnswers({ ...MILDEST, tools: 'all', planet: 'x' }), {
    ok: false,
    problems: [
      'unknown question "planet"; the questions are same-people, same-data, reach, tools, incident, trust-admins, own-machine',
      'tools cannot be "all": answers, powerful',
    ],
  });
  const { reach: _reach, ...rest } = MILDEST;
  assert.deepEqual(readAnswers(rest), { ok: false, problems: ['reach is not answered: members, outsiders, anyone'] });
  assert.equal(readAnswers({ ...MILDEST, tools: 'toString' }).ok, false);
});
