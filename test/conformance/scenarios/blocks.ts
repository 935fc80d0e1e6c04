import { createHash } from 'node:crypto';

import { common, peer } from '@hyperledger/fabric-protos';

import { deliver, heightOf, readChain, type SeekRequest } from '../../support/network/block-stream.js';
import { headerHash, readChainBlock } from '../../support/network/chain-reader.js';
import { commit, freshKey } from '../../support/probe/probe-client.js';
import { nextOf, type Scenario, sendUntilHeard, USERS } from '../scenario.js';

const { SUCCESS, NOT_FOUND, BAD_REQUEST } = common.Status;

const { VALID } = peer.TxValidationCode;
const EVENT_WITHOUT_PAYLOAD = { chaincodeActionsList: [{ chaincodeEvent: { eventName: 'Form', payload: '' } }] };

/** Blocks as peers deliver them: whole, filtered and with private data, from everywhere to everywhere. */
export const blockScenarios: readonly Scenario[] = [
  {
    title: 'whole blocks, filtered blocks and blocks with private data tell the same transactions',
    run: async (network) => {
      const connection = network.connectAs(USERS.ChongqingMSP);
      const { txId, blockNumber } = await commit(connection, 'emit', [freshKey('forms'), 'Form', 'secret payload']);
      const options = { startBlock: blockNumber };
      const whole = await connection.network.getBlockEvents(options);
      const filtered = await connection.network.getFilteredBlockEvents(options);
      const withPrivate = await connection.network.getBlockAndPrivateDataEvents(options);
      try {
        const block = await nextOf(whole[Symbol.asyncIterator]());
        expect(readChainBlock(block.serializeBinary()).transactions[0]?.txId).toBe(txId);
        // A filtered block names events and withholds what they say.
        expect((await nextOf(filtered[Symbol.asyncIterator]())).toObject()).toMatchObject({
          channelId: network.channel,
          number: Number(blockNumber),
          filteredTransactionsList: [
            { txid: txId, txValidationCode: VALID, transactionActions: EVENT_WITHOUT_PAYLOAD },
          ],
        });
        const both = await nextOf(withPrivate[Symbol.asyncIterator]());
        expect(both.getBlock()?.serializeBinary()).toEqual(block.serializeBinary());
      } finally {
        for (const events of [whole, filtered, withPrivate]) events.close();
      }
    },
  },
  {
    title: 'a block listener without a start hears what is committed from now on',
    run: async (network) => {
      const connection = network.connectAs(USERS.GuangdongMSP);
      const before = await heightOf(connection);
      const blocks = await connection.network.getBlockEvents();
      try {
        const heard = nextOf(blocks[Symbol.asyncIterator]());
        await sendUntilHeard(heard, () => commit(connection, 'put', [freshKey('live-block'), '1']));
        expect((await heard).getHeader()?.getNumber()).toBeGreaterThanOrEqual(before);
      } finally {
        blocks.close();
      }
    },
  },
  {
    title: 'every form of seek gives the blocks that it names',
    run: async (network) => {
      const connection = network.connectAs(USERS.ChongqingMSP);
      await commit(connection, 'put', [freshKey('seek'), '1']);
      const last = (await heightOf(connection)) - 1;
      const numbers = async (seek: SeekRequest) => {
        const { status, blocks } = await deliver(connection, seek);
        return [status, ...blocks.map((bytes) => readChainBlock(bytes).number)];
      };
      const all = Array.from({ length: last + 1 }, (_, n) => n);
      expect(await numbers({ start: 'oldest', stop: 'newest' })).toEqual([SUCCESS, ...all]);
      expect(await numbers({ start: 'oldest', stop: 'oldest' })).toEqual([SUCCESS, 0]);
      expect(await numbers({ start: 'newest', stop: 'newest' })).toEqual([SUCCESS, last]);
      expect(await numbers({ start: 1, stop: 2 })).toEqual([SUCCESS, 1, 2]);
      expect(await numbers({ start: last, stop: 'newest' })).toEqual([SUCCESS, last]);
      expect(await numbers({ start: 2, stop: 1 })).toEqual([BAD_REQUEST]);
      const beyond = { start: last, stop: last + 5, failIfNotReady: true } as const;
      expect(await numbers(beyond)).toEqual([NOT_FOUND, last]);
      const ahead = { start: last + 5, stop: last + 5, failIfNotReady: true } as const;
      expect(await numbers(ahead)).toEqual([NOT_FOUND]);
      expect(await numbers({ start: 'oldest', stop: 'newest', channel: 'elsewhere' })).toEqual([NOT_FOUND]);
    },
  },
  {
    title: 'a seek for a block that does not exist yet waits for it',
    run: async (network) => {
      const connection = network.connectAs(USERS.ChongqingMSP);
      const next = await heightOf(connection);
      const waiting = deliver(connection, { start: next, stop: next });
      await commit(connection, 'put', [freshKey('wait'), '1']);
      const { status, blocks } = await waiting;
      expect([status, ...blocks.map((bytes) => readChainBlock(bytes).number)]).toEqual([SUCCESS, next]);
    },
  },
  {
    title: 'filtered and private streams know the same seeks',
    run: async (network) => {
      const connection = network.connectAs(USERS.ChongqingMSP);
      for (const method of ['DeliverFiltered', 'DeliverWithPrivateData'] as const) {
        const { status, responses } = await deliver(connection, { start: 0, stop: 1 }, method);
        const numbers = responses.map((response) =>
          response.hasFilteredBlock()
            ? response.getFilteredBlock()?.getNumber()
            : response.getBlockAndPrivateData()?.getBlock()?.getHeader()?.getNumber(),
        );
        expect([status, ...numbers]).toEqual([SUCCESS, 0, 1]);
      }
    },
  },
  {
    title: 'blocks are linked by their hashes, contents answer to headers, and all peers deliver equal bytes',
    run: async (network) => {
      const chains = await Promise.all(
        Object.values(USERS).map(async (user) => {
          const connection = network.connectAs(user);
          await commit(connection, 'put', [freshKey('chained'), '1']);
          return connection;
        }),
      );
      const [first = [], ...others] = await Promise.all(chains.map(readChain));
      first.forEach((bytes, n) => {
        const block = readChainBlock(bytes);
        expect(block.number).toBe(n);
        expect(block.contentHash.equals(block.dataHash)).toBe(true);
        const previous = first[n - 1];
        expect(block.previousHash.toString('hex')).toBe(previous === undefined ? '' : headerHash(previous));
      });
      for (const other of others) {
        const shared = Math.min(other.length, first.length);
        expect(shared).toBeGreaterThan(4);
        expect(other.slice(0, shared).map(sharedDigest)).toEqual(first.slice(0, shared).map(sharedDigest));
      }
    },
  },
  {
    title: 'block 0 is a configuration that names every member organisation',
    run: async (network) => {
      const { blocks } = await deliver(network.connectAs(USERS.BeijingMSP), { start: 'oldest', stop: 'oldest' });
      const block = common.Block.deserializeBinary(blocks[0] ?? Buffer.alloc(0));
      const [bytes] = block.getData()?.getDataList_asU8() ?? [];
      const payload = common.Payload.deserializeBinary(
        common.Envelope.deserializeBinary(bytes ?? new Uint8Array()).getPayload_asU8(),
      );
      const groups = common.ConfigEnvelope.deserializeBinary(payload.getData_asU8())
        .getConfig()
        ?.getChannelGroup()
        ?.getGroupsMap();
      const members = groups?.get('Application')?.getGroupsMap().toArray() as readonly (readonly [string, unknown])[];
      expect(members.map(([name]) => name).sort()).toEqual(Object.keys(USERS).sort());
    },
  },
];

/** SHA-256 of what must be the same on all peers; orderers' signatures may be others, so they are left out. */
function sharedDigest(bytes: Buffer): string {
  const block = common.Block.deserializeBinary(bytes);
  const metadata = block.getMetadata()?.getMetadataList_asU8() ?? [];
  const { TRANSACTIONS_FILTER, COMMIT_HASH } = common.BlockMetadataIndex;
  block.setMetadata();
  const digest = createHash('sha256').update(block.serializeBinary());
  for (const entry of [TRANSACTIONS_FILTER, COMMIT_HASH]) digest.update(metadata[entry] ?? new Uint8Array());
  return digest.digest('hex');
}
