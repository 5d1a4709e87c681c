import { cases } from '../testing/cases.ts';
import { observedFacts } from '../testing/clean-facts.ts';

const copies = (snapshots: readonly { readonly name: string; readonly readers: readonly string[] }[]) => {
  const facts = observedFacts({ risks: [] });
  return { ...facts, hosts: facts.hosts.map((host) => ({ ...host, snapshots })) };
};

cases('backup.all-tenant-snapshot', {
  ok: { none: copies([]) },
  ng: {
    'of the machine': copies([{ name: 'nightly', readers: ['storage team'] }]),
    'read by nobody who is named': copies([{ name: 'nightly', readers: [] }]),
  },
});
