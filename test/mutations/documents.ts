/** What people are told, and what it rests on. */
import { observedFacts } from '../../src/checks/testing/clean-facts.ts';
import { withDocuments } from '../../src/cli/documents.ts';
import type { Facts } from '../../src/core/facts.ts';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mutation } from './mutation.ts';

const SHA = 'c0ffee'.repeat(11).slice(0, 64);
const PAGE = `# Tenant boundary checklist\n\nmanifest \`${SHA.slice(0, 12)}\`\n\n## Not isolated here\n\n- One kernel.\n`;

/** Both pages on disk, acme's as given, read by the product. */
function withPage(page: string | undefined): Facts {
  const folder = mkdtempSync(join(tmpdir(), 'bh-pages-'));
  try {
    writeFileSync(join(folder, 'globex.md'), PAGE);
    if (page !== undefined) writeFileSync(join(folder, 'acme.md'), page);
    return withDocuments(observedFacts(), { documents: '.', source: { path: join(folder, 'bulkhead.yaml'), sha256: SHA } }, '/');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const documents: readonly Mutation[] = [
  { id: 'doc.checklist-missing', disguise: 'no page', facts: () => withPage(undefined) },
  { id: 'doc.checklist-missing', disguise: 'of an older manifest', facts: () => withPage(PAGE.replace('c0ffee', 'decade')) },
  { id: 'doc.notisolated-missing', disguise: 'an empty section', facts: () => withPage(PAGE.replace('- One kernel.\n', '')) },
  { id: 'doc.overselling', disguise: 'with a hyphen and in capitals', facts: () => withPage(`${PAGE}Your tenant is Fully-Isolated.\n`) },
  {
    id: 'doc.risk-unnamed',
    disguise: 'ran out yesterday',
    also: ['host.admins'],
    facts: () =>
      observedFacts({ risks: [{ item: 'host-admins', tenants: ['acme', 'globex'], risk: 'ops reads all', owner: 'o@x.test', until: '2026-11-23' }] }),
  },
];
