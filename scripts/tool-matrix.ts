/** Writes docs/policy/matrix.md from a run: every preset against every tool, through the real agent of a real gateway. Takes a minute. */
import { writeFileSync } from 'node:fs';
import { withGateway } from '../test/support/real-gateway.ts';
import { testInstall } from '../test/support/requires.ts';
import { matrixPage } from '../test/support/tool-matrix-page.ts';
import { surprises, tryPresets } from '../test/support/tool-matrix.ts';

const PAGE = new URL('../docs/policy/matrix.md', import.meta.url);

const install = testInstall();
await withGateway(install, 'support', async (gateway) => {
  const seen = await tryPresets(gateway);
  if (process.argv.includes('--said')) process.stdout.write(`${JSON.stringify(seen, null, 1)}\n`);
  const found = surprises(seen);
  for (const line of found) process.stderr.write(`not as the preset says: ${line}\n`);
  if (found.length > 0) process.exitCode = 1;
  else writeFileSync(PAGE, matrixPage(seen, install.version));
});
