import { ONE_MACHINE_FABRIC_NOTICE } from '../../domain/wording.js';
import { addConsenter, removeConsenter } from '../../network/manager/change-network.js';
import { pollFor } from '../../network/manager/poll.js';
import { describeFabric } from '../support/network/describe-fabric.js';
import { expectFifthToBecomeMember } from '../support/network/fifth-member.js';
import { TestNetwork } from '../support/network/test-network.js';
import { type ReceiptBench } from '../support/receipts/receipt-bench.js';
import { describeReceiptLife } from './receipts/life.js';

const indexedMs = 30_000;

describeFabric("receipts in the life of a network of Fabric's own programs", () => {
  describeReceiptLife({ engine: 'fabric', consensus: 'BFT', changeOrderers });
});

describeFabric("gateways of a network of Fabric's own programs", () => {
  test('a fifth organisation joins and becomes a member by commands alone', async () => {
    await using network = await TestNetwork.start({ engine: 'fabric', gateways: true });
    await expectFifthToBecomeMember(network, ONE_MACHINE_FABRIC_NOTICE);
  }, 180_000);
});

/** A fifth consenter, and the first one leaves: a quorum of another four. */
async function changeOrderers(bench: ReceiptBench): Promise<readonly string[]> {
  const { root: dataDir } = bench.network.folder;
  const before = (await bench.trustRoot()).root.epochs.length;
  await addConsenter(dataDir, 'orderer1.orderer.beijing.example');
  await removeConsenter(dataDir, 'orderer0.orderer.chongqing.example');
  const known = await pollFor(
    indexedMs,
    async () => (await bench.trustRoot()).root.epochs.length >= before + 2 || undefined,
  );
  if (known === undefined) throw new Error('the trust root does not follow the consenters');
  return ['ChongqingOrdererMSP 1'];
}
