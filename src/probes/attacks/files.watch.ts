/** A-P6: the kernel as an informer: inotify tells the names that are made and changed in a directory. */
import { FILE_REFUSALS, defineProbe, type Step } from '../define.ts';

export const probe = defineProbe({
  id: 'files.watch',
  attack: 'A-P6',
  title: 'One tenant is told of what happens among the files of another',
  does: 'Asks the kernel (inotify) to tell of every name that is made or changed in the victim’s state, workspace and credentials directories.',
  safe: 'The watch is taken back at once, before anything could be told.',
  decoy: 'The attacker watches a directory of mode 0755 that it made itself, with the same code.',
  fix: 'Give every tenant its own OS user and a file system that holds no other tenant’s tree: isolation os-user.',
  expected: [...FILE_REFUSALS],
  severity: { team: 'info', clients: 'high', adversarial: 'critical' },
  item: 'state-directory',
  vantage: 'inside',
  attempts: (_attacker, victim) => [victim.state, victim.workspace, victim.credentials].map(watch),
  positive: ({ state, workspace }) => [state, workspace].map(watch),
  negative: ({ decoy }) => [watch(decoy.directory)],
});

function watch(path: string): Step {
  return { label: `watch ${path}`, action: { kind: 'watch', path } };
}
