/** Two tenants name one secret. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'secret.ref-shared',
  title: 'Two tenants refer to one secret',
  why: 'Whatever stands there is the credential of both; a change for one changes the other.',
  fix: 'Give each tenant an item of its own, read with an account of its own.',
  how: 'References are compared by what they name: file and pointer, variable of a shared environment file, command with arguments and id. Commands are not run: their values are not compared.',
  source: 'openclaw 2026.9.6 docs/gateway/secrets/secretref-contract.md',
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  needs: ['references'],
  phases: ['desired', 'observed'],
  item: 'secrets',
  *judge(facts) {
    const groups = sharedBy(facts.tenants, ({ host, references }) =>
      (references.known ? references.value : []).flatMap(({ target, text, location, resolved }) =>
        target === undefined
          ? []
          : [
              {
                space: target.startsWith('file:') ? host : '',
                key: target,
                where: `${location} is ${text}${resolved ? '' : ', value not resolved'}`,
              },
            ],
      ),
    );
    for (const group of groups) yield sharing(group, 'one secret by reference');
  },
});
