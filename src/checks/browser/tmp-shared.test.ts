import { known, type TenantFacts } from '../../core/facts.ts';
import { TENANTS, observedFacts } from '../testing/clean-facts.ts';
import { settingsWith } from '../testing/network-facts.ts';
import { cases } from '../testing/cases.ts';

const browsing = (enabled: boolean, uid: (name: string) => number, mnt: (name: string) => string) =>
  observedFacts(
    {},
    Object.fromEntries(
      TENANTS.map((name) => [
        name,
        ({ process }: TenantFacts) => ({
          settings: known(settingsWith({ browser: { enabled } }), 'test'),
          user: known({ name: 'u', uid: uid(name) }, 'test'),
          process:
            process.known && process.value !== null
              ? known({ ...process.value, namespaces: { ...process.value.namespaces, mnt: mnt(name) } }, 'test')
              : process,
        }),
      ]),
    ),
  );
const [one, each] = [() => 1001, (name: string) => name.length + 1000];

cases('browser.tmp-shared', {
  ok: {
    'browsers that are off': browsing(false, one, () => '1'),
    'an OS user each': browsing(true, each, () => '1'),
    'a /tmp each': browsing(true, one, (name) => name),
  },
  ng: { 'one OS user and one /tmp': browsing(true, one, () => '1') },
});
