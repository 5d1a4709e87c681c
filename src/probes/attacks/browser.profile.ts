/** A-B4: what the victim's browser keeps on disk: cookies, logins, history. */
import { BY_TRUST, FILE_REFUSALS, defineProbe, type Side, type Step } from '../define.ts';
import { readDecoy } from './files.read-state.ts';

export const probe = defineProbe({
  id: 'browser.profile',
  attack: 'A-B4',
  title: "One tenant reads another's browser profile",
  does: 'Reads the canary that the victim planted in its browser’s user data directory, and opens the files beside it.',
  safe: 'Reads one canary; of the other files it is only tried whether they open, and no byte is read.',
  decoy: 'The attacker reads its own readable decoy with the same code.',
  fix: 'Give every tenant its own OS user and a file system that holds no other tenant’s tree: isolation os-user.',
  expected: [...FILE_REFUSALS],
  severity: BY_TRUST,
  item: 'browser-profile',
  vantage: 'inside',
  notApplicable: (_attacker, victim) => withoutProfile(victim),
  attempts: (_attacker, victim) => openProfile(victim),
  positive: openProfile,
  negative: readDecoy,
});

/** A victim that planted nothing at all has told nothing of its browser either. */
function withoutProfile({ canaries, tenant }: Side): string | undefined {
  return canaries['browser'] !== undefined || Object.keys(canaries).length === 0 ? undefined : `${tenant} has no browser profile on disk`;
}

function openProfile({ canaries, nonce }: Side): Step[] {
  const canary = canaries['browser'] ?? '';
  const directory = canary.slice(0, canary.lastIndexOf('/'));
  return [
    { label: `read ${canary}`, action: { kind: 'read', path: canary }, nonce },
    { label: `open the files of ${directory}`, action: { kind: 'list', path: directory } },
  ];
}
