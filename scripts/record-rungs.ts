/**
 * Puts into docs/rungs.json what a verification showed of each rung: `bulkhead verify --json | ./bulkhead --node scripts/record-rungs.ts 'WHERE'`.
 * WHERE says for a reader on what the tenants ran. Then: npm run generate.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { OPENCLAW_VERSION } from '../src/openclaw/version.ts';
import type { ReportDocument } from '../src/report/json.ts';
import { recordRungs, type RungRecords } from '../src/report/rungs-page.ts';

const file = new URL('../docs/rungs.json', import.meta.url);
const [where] = process.argv.slice(2);
if (where === undefined) throw new Error('say where the tenants ran');
const report = JSON.parse(await text(process.stdin)) as ReportDocument;
const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as RungRecords) : {};
const after: RungRecords = { ...before, ...recordRungs(report, where, OPENCLAW_VERSION) };
writeFileSync(file, `${JSON.stringify(after, undefined, 2)}\n`);
