import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { packageRoot } from '../network/manager/package-root.js';
import { Stage } from '../test/support/browser/stage.js';
import { digestsOf, registration } from '../test/support/network/evidence-requests.js';

const FOLDER = join(packageRoot(), 'docs', 'pictures');
const CONTRACT = '买卖合同（示例）：本文件只用于网页截图。 A sample contract, for pictures alone.';

/** Takes the picture of a citizen's verification. */
async function main(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const stage = await Stage.open();
  try {
    const clerk = await stage.network.restAs('clerk@chongqing');
    await clerk.post('/v1/evidence', registration({ digests: digestsOf(CONTRACT) }));
    const verify = await stage.visit('/verify');
    await verify.setInputFiles('.drop input[multiple]', stage.file('contract.pdf', CONTRACT));
    await verify.waitForSelector('[data-answer=signers].VALID');
    await verify.waitForSelector('[data-verdict=MATCH]');
    // From what was given down to the verdict: the way in stands above.
    await verify.evaluate("document.getElementById('given').scrollIntoView()");
    await verify.screenshot({ path: join(FOLDER, 'verify.png') });
    const faults = await stage.check();
    if (faults.console.length > 0) throw new Error(`the pages complained: ${faults.console.join('; ')}`);
  } finally {
    await stage.close();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
