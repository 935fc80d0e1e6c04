import { type ChaincodeEvent, checkpointers } from '@hyperledger/fabric-gateway';
import { peer } from '@hyperledger/fabric-protos';

import { textOf } from '../../support/network/peer-connection.js';
import { commit, type Committed, freshKey, PROBE } from '../../support/probe/probe-client.js';
import { nextOf, type Scenario, sendUntilHeard, USERS } from '../scenario.js';

const { VALID, ENDORSEMENT_POLICY_FAILURE } = peer.TxValidationCode;

/** Chaincode events: live, from a block on, after a checkpoint. */
export const eventScenarios: readonly Scenario[] = [
  {
    title: 'a listener hears events as they are committed, with block, transaction and payload',
    run: async (network) => {
      const connection = network.connectAs(USERS.ChongqingMSP);
      const events = await connection.network.getChaincodeEvents(PROBE);
      try {
        const key = freshKey('live');
        const heard = nextOf(events[Symbol.asyncIterator]());
        // The stream begins at the peer with the next block after it has heard the request.
        const committed = await sendUntilHeard(heard, () => commit(connection, 'emit', [key, 'Live', '证据']));
        const event = await heard;
        expect(event).toMatchObject({ chaincodeName: PROBE, eventName: 'Live' });
        expect(textOf(event.payload)).toBe('证据');
        const source = committed.find(({ txId }) => txId === event.transactionId);
        expect(source?.blockNumber).toBe(event.blockNumber);
      } finally {
        events.close();
      }
    },
  },
  {
    title: 'events are told again from a given block on, in the order of the ledger',
    run: async (network) => {
      const connection = network.connectAs(USERS.ZhejiangMSP);
      const sent = await emitThree(network);
      const startBlock = sent[0]?.blockNumber ?? 0n;
      const heard = await hear(await connection.network.getChaincodeEvents(PROBE, { startBlock }), 3);
      expect(heard.map(({ transactionId }) => transactionId)).toEqual(sent.map(({ txId }) => txId));
      expect(heard.map(({ blockNumber }) => blockNumber)).toEqual(sent.map(({ blockNumber }) => blockNumber));
    },
  },
  {
    title: 'a checkpoint continues behind the last event that was handled',
    run: async (network) => {
      const connection = network.connectAs(USERS.BeijingMSP);
      const sent = await emitThree(network);
      const checkpoint = checkpointers.inMemory();
      const startBlock = sent[0]?.blockNumber ?? 0n;
      const first = await connection.network.getChaincodeEvents(PROBE, { startBlock, checkpoint });
      for (const event of await hear(first, 2)) await checkpoint.checkpointChaincodeEvent(event);
      const [third] = await hear(await connection.network.getChaincodeEvents(PROBE, { checkpoint }), 1);
      expect(third?.transactionId).toBe(sent[2]?.txId);
    },
  },
  {
    title: 'a checkpoint after a whole block continues with the next block',
    run: async (network) => {
      const connection = network.connectAs(USERS.BeijingMSP);
      const [first, second] = await emitThree(network);
      const checkpoint = checkpointers.inMemory();
      await checkpoint.checkpointBlock(first?.blockNumber ?? 0n);
      const [heard] = await hear(await connection.network.getChaincodeEvents(PROBE, { checkpoint }), 1);
      expect(heard?.transactionId).toBe(second?.txId);
    },
  },
  {
    title: "neither events of rejected transactions nor other chaincodes' events are told",
    run: async (network) => {
      const connection = network.connectAs(USERS.ChongqingMSP);
      const before = await commit(connection, 'emit', [freshKey('before'), 'Before', '']);
      const alone = { arguments: [freshKey('alone'), 'Never', ''], endorsingOrganizations: ['ChongqingMSP'] };
      expect((await commit(connection, 'emit', alone)).code).toBe(ENDORSEMENT_POLICY_FAILURE);
      const after = await commit(connection, 'emit', [freshKey('after'), 'After', '']);
      const startBlock = before.blockNumber;
      const heard = await hear(await connection.network.getChaincodeEvents(PROBE, { startBlock }), 2);
      expect(heard.map(({ transactionId }) => transactionId)).toEqual([before.txId, after.txId]);
    },
  },
];

type Network = Parameters<Scenario['run']>[0];
type Events = AsyncIterable<ChaincodeEvent> & { close(): void };

/** Three events in three blocks. */
async function emitThree(network: Network): Promise<readonly Committed[]> {
  const connection = network.connectAs(USERS.ChongqingMSP);
  const sent: Committed[] = [];
  for (const payload of ['1', '2', '3']) {
    sent.push(await commit(connection, 'emit', [freshKey('emit'), 'Counted', payload]));
  }
  expect(sent.map(({ code }) => code)).toEqual([VALID, VALID, VALID]);
  return sent;
}

async function hear(events: Events, count: number): Promise<readonly ChaincodeEvent[]> {
  try {
    const iterator = events[Symbol.asyncIterator]();
    const heard: ChaincodeEvent[] = [];
    while (heard.length < count) heard.push(await nextOf(iterator));
    return heard;
  } finally {
    events.close();
  }
}
