import { observedFacts, withPath, withPaths } from '../testing/clean-facts.ts';
import { cases } from '../testing/cases.ts';

const onNfs = (device: string): ReturnType<typeof withPaths> =>
  withPaths((path) => ({ ...path, fileSystem: 'nfs4', backing: `${device}:${path.real}` }));

cases('path.synced-dir', {
  ok: {
    'a tenant called dropbox': withPath('state', { real: '/t/dropbox/state', declared: '/t/dropbox/state' }),
    'one local file system': observedFacts(),
    'a scratch directory': withPath('tmp', { real: '/home/ops/Dropbox/x' }),
    'a network file system for each': observedFacts({}, { acme: onNfs('0:50'), globex: onNfs('0:51') }),
  },
  ng: {
    'by its name': withPath('workspace', { real: '/home/ops/Dropbox (Acme)/workspace' }),
    'by the declared name': withPath('state', { declared: '/home/ops/OneDrive - Acme/state' }),
    'by a mark': withPath('state', { synced: '/t/acme/.stfolder' }),
    'one network file system': observedFacts({}, { acme: onNfs('0:50'), globex: onNfs('0:50') }),
  },
});
