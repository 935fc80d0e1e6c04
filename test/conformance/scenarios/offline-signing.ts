import { peer } from '@hyperledger/fabric-protos';

import { textOf } from '../../support/network/peer-connection.js';
import { clientSigner } from '../../support/network/user-identity.js';
import { ask, commit, freshKey, PROBE } from '../../support/probe/probe-client.js';
import { nextOf, type Scenario, USERS } from '../scenario.js';

const { VALID } = peer.TxValidationCode;

/** The key is elsewhere: the client prepares bytes, somebody signs their digest, the client sends both. */
export const offlineSigningScenarios: readonly Scenario[] = [
  {
    title: 'a client without a key evaluates, endorses, submits and asks for the status with signatures from elsewhere',
    run: async (network) => {
      const connection = network.connectAs(USERS.ZhejiangMSP);
      const sign = clientSigner(connection.identity);
      const client = connection.withoutSigner();
      const key = freshKey('offline');
      const unsigned = client
        .getNetwork(network.channel)
        .getContract(PROBE)
        .newProposal('put', { arguments: [key, '1'] });
      const proposal = client.newSignedProposal(unsigned.getBytes(), await sign(unsigned.getDigest()));
      expect(textOf(await proposal.evaluate())).toBe('');
      const prepared = await proposal.endorse();
      const transaction = client.newSignedTransaction(prepared.getBytes(), await sign(prepared.getDigest()));
      const submitted = await transaction.submit();
      const commitOf = client.newSignedCommit(submitted.getBytes(), await sign(submitted.getDigest()));
      expect((await commitOf.getStatus()).code).toBe(VALID);
      expect(await ask(connection, 'get', key)).toBe('1');
    },
  },
  {
    title: 'event and block listeners may be signed for elsewhere too',
    run: async (network) => {
      const connection = network.connectAs(USERS.ZhejiangMSP);
      const sign = clientSigner(connection.identity);
      const client = connection.withoutSigner();
      const { txId, blockNumber } = await commit(connection, 'emit', [freshKey('offline-event'), 'Offline', '']);
      const channel = client.getNetwork(network.channel);
      const options = { startBlock: blockNumber };
      const forEvents = channel.newChaincodeEventsRequest(PROBE, options);
      const events = await client
        .newSignedChaincodeEventsRequest(forEvents.getBytes(), await sign(forEvents.getDigest()))
        .getEvents();
      const forBlocks = channel.newBlockEventsRequest(options);
      const blocks = await client
        .newSignedBlockEventsRequest(forBlocks.getBytes(), await sign(forBlocks.getDigest()))
        .getEvents();
      try {
        expect((await nextOf(events[Symbol.asyncIterator]())).transactionId).toBe(txId);
        expect(BigInt((await nextOf(blocks[Symbol.asyncIterator]())).getHeader()?.getNumber() ?? -1)).toBe(blockNumber);
      } finally {
        events.close();
        blocks.close();
      }
    },
  },
];
