import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { prepareAuthority, putInUse } from '../../network/ca/renew-authority.js';
import { addRootCertificate, removeRootCertificate } from '../../network/embedded/config/edit-config.js';
import { startNetwork } from '../../network/manager/network.js';
import { describeReceiptLife } from '../conformance/receipts/life.js';
import { planOf } from '../support/network/config-change.js';
import { encodeTrustRoot, readTrustRoot } from '../../proof/trust/parse.js';
import { verifyReceipt } from '../../proof/verify/verify-receipt.js';
import { orderersOf, type ReceiptBench, summary } from '../support/receipts/receipt-bench.js';

describe('receipts in the life of an embedded network', () => {
  describeReceiptLife({ engine: 'embedded', consensus: 'yinzheng-embedded', changeOrderers });
});

/** Another authority for whoever orders, a node and an administrator of its, and the former authority is gone. */
async function changeOrderers(bench: ReceiptBench, audit: Uint8Array): Promise<readonly string[]> {
  const former = orderersOf(await bench.report(audit));
  const { network } = bench;
  const { orderer } = planOf(network);
  const authority = await bench.readAuthority(orderer);
  const next = await prepareAuthority(orderer, Date.now());
  await bench.change((root) => {
    addRootCertificate(root, orderer.mspId, next);
  }, orderer.mspId);
  putInUse(orderer);
  await network.down();
  for (const part of ['orderers', 'users']) rmSync(join(orderer.folder, part), { recursive: true });
  const topologyText = readFileSync(join(network.folder.root, 'topology.yaml'), 'utf8');
  await startNetwork({ dataDir: network.folder.root, topologyText });
  await bench.change((root) => {
    removeRootCertificate(root, orderer.mspId, authority.material.certificatePem);
  }, orderer.mspId);
  // Had today's orderer ordered the block of before, its signature would not do.
  const { root } = await bench.trustRoot();
  const today = { ...root, epochs: root.epochs.slice(-1).map((epoch) => ({ ...epoch, configBlock: 0 })) };
  const judged = summary(await verifyReceipt(audit, readTrustRoot(encodeTrustRoot(today))));
  expect(judged).toContain('ordering BLOCK_QUORUM');
  return former;
}
