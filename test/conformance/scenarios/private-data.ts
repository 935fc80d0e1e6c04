import { createHash } from 'node:crypto';

import { EndorseError, GatewayError, type ProposalOptions } from '@hyperledger/fabric-gateway';
import { ledger, peer } from '@hyperledger/fabric-protos';

import { pollFor } from '../../../network/manager/poll.js';
import { type PeerConnection } from '../../support/network/peer-connection.js';
import { type TestNetwork } from '../../support/network/test-network.js';
import { ask, askValue, commit, type Committed, freshKey, probeOf } from '../../support/probe/probe-client.js';
import { errorOf, nextOf, type Scenario, USERS } from '../scenario.js';

const { VALID, MVCC_READ_CONFLICT, ENDORSEMENT_POLICY_FAILURE } = peer.TxValidationCode;
const MEMBERS = ['ChongqingMSP', 'ZhejiangMSP'] as const;
const OTHERS = ['GuangdongMSP', 'BeijingMSP'] as const;
/** What a peer says that is no member. */
const NOT_AVAILABLE = 'private data matching public hash version is not available';

/** A write whose value travels as transient data: it is in no block. */
function secretly(
  collection: string,
  key: string,
  value: string,
  ...endorsingOrganizations: string[]
): ProposalOptions {
  return {
    arguments: [collection, key, ''],
    transientData: { value },
    ...(endorsingOrganizations.length > 0 ? { endorsingOrganizations } : {}),
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The one private set that a delivered block has for its first transaction. */
function onlySetOf(delivered: peer.BlockAndPrivateData): { names: (string | undefined)[]; setBytes: Uint8Array } {
  const [namespace] = delivered.getPrivateDataMapMap().get(0)?.getNsPvtRwsetList() ?? [];
  const [set] = namespace?.getCollectionPvtRwsetList() ?? [];
  return {
    names: [namespace?.getNamespace(), set?.getCollectionName()],
    setBytes: set?.getRwset_asU8() ?? new Uint8Array(),
  };
}

function writesOf(setBytes: Uint8Array): (readonly [key: string, value: string])[] {
  const writes = ledger.rwset.kvrwset.KVRWSet.deserializeBinary(setBytes).getWritesList();
  return writes.map((write) => [write.getKey(), Buffer.from(write.getValue_asU8()).toString()] as const);
}

const at = (network: TestNetwork, mspId: keyof typeof USERS): PeerConnection => network.connectAs(USERS[mspId]);

async function refusal(work: Promise<unknown>): Promise<string> {
  const { message, details } = await errorOf(GatewayError, work);
  return [message, ...details.map((detail) => detail.message)].join(' | ');
}

/** Waits until an organisation's peer has a value of the collection `open`. */
async function heldBy(network: TestNetwork, mspId: keyof typeof USERS, key: string): Promise<void> {
  const held = await pollFor(10_000, () =>
    ask(at(network, mspId), 'getPrivate', 'open', key).then(
      (value) => (value === '' ? undefined : true),
      () => undefined,
    ),
  );
  if (held === undefined) throw new Error(`${mspId} never got the value`);
}

/** Waits until a peer answers so: on a real network the peers of others commit in their own time. */
async function answersSoon(connection: PeerConnection, wanted: string, ...call: [string, ...string[]]): Promise<void> {
  const answer = () => ask(connection, ...call);
  await pollFor(10_000, () =>
    answer().then(
      (found) => found === wanted || undefined,
      () => undefined, // A member's value may still be on its way.
    ),
  );
  expect(await answer()).toBe(wanted);
}

/** Private data collections: who holds, who may ask, what a block shows, what is forgotten. */
export const privateDataScenarios: readonly Scenario[] = [
  {
    title: "a private value is with every member's peer and with no other, its hash with all",
    run: async (network) => {
      const key = freshKey('held');
      const { code } = await commit(at(network, 'ChongqingMSP'), 'putPrivate', secretly('open', key, 'plain text'));
      expect(code).toBe(VALID);
      for (const mspId of MEMBERS) await answersSoon(at(network, mspId), 'plain text', 'getPrivate', 'open', key);
      for (const mspId of OTHERS) {
        const reading = ask(network.connectAs(USERS[mspId]), 'getPrivate', 'open', key);
        expect(await refusal(reading)).toContain(NOT_AVAILABLE);
      }
      for (const mspId of [...MEMBERS, ...OTHERS]) {
        await answersSoon(at(network, mspId), sha256('plain text'), 'hashOfPrivate', 'open', key);
      }
    },
  },
  {
    title: 'a block shows hashes of private keys and values, and the hash of the set that members hold',
    run: async (network) => {
      const key = freshKey('hashes');
      const connection = at(network, 'ZhejiangMSP');
      const { blockNumber, code } = await commit(connection, 'putPrivate', secretly('open', key, '四十二'));
      expect(code).toBe(VALID);
      const blocks = await connection.network.getBlockAndPrivateDataEvents({ startBlock: blockNumber });
      try {
        const delivered = await nextOf(blocks[Symbol.asyncIterator]());
        const bytes = Buffer.from(delivered.getBlock()?.serializeBinary() ?? []);
        expect(bytes.includes('四十二')).toBe(false);
        expect(bytes.includes(key)).toBe(true); // As an argument: what must not be seen belongs into transient data.
        expect(bytes.includes(Buffer.from(sha256(key), 'hex'))).toBe(true);
        expect(bytes.includes(Buffer.from(sha256('四十二'), 'hex'))).toBe(true);
        const { names, setBytes } = onlySetOf(delivered);
        expect(names).toEqual(['probe', 'open']);
        expect(writesOf(setBytes)).toEqual([[key, '四十二']]);
        expect(bytes.includes(createHash('sha256').update(setBytes).digest())).toBe(true);
      } finally {
        blocks.close();
      }
    },
  },
  {
    title: 'a stream of blocks with private data holds what its peer has, of closed collections for members only',
    run: async (network) => {
      const key = freshKey('stream');
      const writer = at(network, 'ChongqingMSP');
      const open = await commit(writer, 'putPrivate', secretly('open', key, 'streamed'));
      const closed = await commit(writer, 'putPrivate', secretly('closed', key, 'streamed'));
      const setsFor = async (user: string, mspId: string, { blockNumber }: Committed): Promise<number> => {
        const connection = network.connectAs(user, mspId);
        const blocks = await connection.network.getBlockAndPrivateDataEvents({ startBlock: blockNumber });
        try {
          return (await nextOf(blocks[Symbol.asyncIterator]())).getPrivateDataMapMap().getLength();
        } finally {
          blocks.close();
        }
      };
      expect(await setsFor(USERS.ZhejiangMSP, 'ChongqingMSP', closed)).toBe(1);
      expect(await setsFor(USERS.BeijingMSP, 'ChongqingMSP', closed)).toBe(0);
      expect(await setsFor(USERS.BeijingMSP, 'ChongqingMSP', open)).toBe(1);
      expect(await setsFor(USERS.ChongqingMSP, 'BeijingMSP', open)).toBe(0);
    },
  },
  {
    title: 'transient data goes to members only: they alone endorse',
    run: async (network) => {
      const key = freshKey('circle');
      const { code } = await commit(at(network, 'GuangdongMSP'), 'putPrivate', secretly('open', key, 'from outside'));
      expect(code).toBe(VALID);
      await answersSoon(at(network, 'ZhejiangMSP'), 'from outside', 'getPrivate', 'open', key);
      const lone = probeOf(at(network, 'ChongqingMSP')).submit('putPrivate', secretly('lone', freshKey('lone'), 'x'));
      expect(await refusal(lone)).toContain('not in the distribution policy of the private data collection(s): [lone]');
      // Who names the organisations answers for it.
      const named = secretly('lone', key, 'mine', 'ChongqingMSP', 'BeijingMSP');
      expect((await commit(at(network, 'ChongqingMSP'), 'putPrivate', named)).code).toBe(VALID);
      expect(await ask(at(network, 'ChongqingMSP'), 'getPrivate', 'lone', key)).toBe('mine');
    },
  },
  {
    title: 'a collection for members only refuses clients of other organisations, reading and writing',
    run: async (network) => {
      const key = freshKey('closed');
      expect((await commit(at(network, 'ZhejiangMSP'), 'putPrivate', secretly('closed', key, 'x'))).code).toBe(VALID);
      const stranger = network.connectAs(USERS.GuangdongMSP, 'ChongqingMSP');
      const about = 'on privatedata in chaincodeName:probe collectionName: closed';
      expect(await refusal(ask(stranger, 'getPrivate', 'closed', key))).toContain(`GET_STATE failed: transaction ID: `);
      expect(await refusal(ask(stranger, 'getPrivate', 'closed', key))).toContain(
        `tx creator does not have read access permission ${about}`,
      );
      const writing = errorOf(EndorseError, probeOf(stranger).submit('putPrivate', secretly('closed', key, 'y')));
      expect((await writing).details[0]?.message).toContain(
        `tx creator does not have write access permission ${about}`,
      );
      expect(await ask(stranger, 'hashOfPrivate', 'closed', key)).toBe(sha256('x'));
      expect(await ask(network.connectAs(USERS.ZhejiangMSP), 'getPrivate', 'closed', key)).toBe('x');
    },
  },
  {
    title: 'a collection that the chaincode does not have is refused in words',
    run: async (network) => {
      const connection = at(network, 'ChongqingMSP');
      expect(await refusal(ask(connection, 'getPrivate', 'nosuch', 'k'))).toContain(
        `collection ${network.channel}/probe/nosuch could not be found`,
      );
      expect(await refusal(ask(connection, 'hashOfPrivate', 'nosuch', 'k'))).toContain(
        'collection [nosuch] not defined in the collection config for chaincode [probe]',
      );
    },
  },
  {
    title: 'an endorser that cannot reach as many members as the collection wants endorses nothing',
    run: async (network) => {
      const submitted = probeOf(at(network, 'ChongqingMSP')).submit('putPrivate', secretly('wide', 'k', 'x'));
      expect((await errorOf(EndorseError, submitted)).details[0]?.message).toMatch(
        /^error in simulation: failed to distribute private collection, txID \w+, channel \w+: could not build private data dissemination plan for chaincode probe and collection wide: required to disseminate to at least 2 peers, but know of only 1 eligible peers$/,
      );
    },
  },
  {
    title: "a collection's own endorsement policy counts instead of the chaincode's",
    run: async (network) => {
      const key = freshKey('sealed');
      const connection = at(network, 'ChongqingMSP');
      const wrong = secretly('sealed', key, 'x', 'ChongqingMSP', 'BeijingMSP');
      expect((await commit(connection, 'putPrivate', wrong)).code).toBe(ENDORSEMENT_POLICY_FAILURE);
      expect((await commit(at(network, 'BeijingMSP'), 'putPrivate', [`sealed`, key, 'y'])).code).toBe(VALID);
      expect(await ask(connection, 'getPrivate', 'sealed', key)).toBe('y');
    },
  },
  {
    title: 'two transactions that read one private value and change it: the second is MVCC_READ_CONFLICT',
    run: async (network) => {
      const key = freshKey('race');
      const connection = at(network, 'ChongqingMSP');
      expect((await commit(connection, 'putPrivate', secretly('open', key, '1'))).code).toBe(VALID);
      const contract = probeOf(connection);
      const endorsed = await Promise.all(
        ['10', '20'].map((amount) =>
          contract.newProposal('addPrivate', { arguments: ['open', key, amount] }).endorse(),
        ),
      );
      const codes = [];
      for (const transaction of endorsed) codes.push((await (await transaction.submit()).getStatus()).code);
      expect(codes).toEqual([VALID, MVCC_READ_CONFLICT]);
      await answersSoon(at(network, 'ZhejiangMSP'), '11', 'getPrivate', 'open', key);
    },
  },
  {
    title: 'who read plain text must be a member, also to endorse what was written in public',
    run: async (network) => {
      const key = freshKey('measured');
      const connection = at(network, 'ChongqingMSP');
      await commit(connection, 'putPrivate', secretly('open', key, 'seven77'));
      await heldBy(network, 'ZhejiangMSP', key); // Peers commit in their own time.
      expect((await commit(connection, 'measurePrivate', ['open', key])).code).toBe(VALID);
      await answersSoon(at(network, 'BeijingMSP'), '7', 'get', `${key}length`);
    },
  },
  {
    title: 'a private value is changed and deleted like a public one',
    run: async (network) => {
      const key = freshKey('deleted');
      const connection = at(network, 'ChongqingMSP');
      for (const value of ['one', 'two']) await commit(connection, 'putPrivate', secretly('open', key, value));
      await answersSoon(at(network, 'ZhejiangMSP'), 'two', 'getPrivate', 'open', key);
      expect((await commit(connection, 'removePrivate', ['open', key])).code).toBe(VALID);
      for (const mspId of MEMBERS) await answersSoon(at(network, mspId), '', 'getPrivate', 'open', key);
      await answersSoon(at(network, 'BeijingMSP'), '', 'hashOfPrivate', 'open', key);
    },
  },
  {
    title: 'a purged value is gone from state and from the blocks with private data, and its hash stays in the chain',
    run: async (network) => {
      const key = freshKey('purged');
      const connection = at(network, 'ChongqingMSP');
      const first = await commit(connection, 'putPrivate', secretly('open', key, 'to be forgotten'));
      expect((await commit(connection, 'purgePrivate', ['open', key])).code).toBe(VALID);
      for (const mspId of MEMBERS) await answersSoon(at(network, mspId), '', 'getPrivate', 'open', key);
      for (const mspId of MEMBERS) {
        const options = { startBlock: first.blockNumber };
        const blocks = await at(network, mspId).network.getBlockAndPrivateDataEvents(options);
        try {
          const delivered = Buffer.from((await nextOf(blocks[Symbol.asyncIterator]())).serializeBinary());
          expect(delivered.includes('to be forgotten')).toBe(false);
          expect(delivered.includes(Buffer.from(sha256('to be forgotten'), 'hex'))).toBe(true);
        } finally {
          blocks.close();
        }
      }
      // The key may be used again.
      expect((await commit(connection, 'putPrivate', secretly('open', key, 'anew'))).code).toBe(VALID);
      await answersSoon(at(network, 'ZhejiangMSP'), 'anew', 'getPrivate', 'open', key);
    },
  },
  {
    title: 'a value with two blocks to live is there two blocks later and gone with the third, its hash too',
    run: async (network) => {
      const key = freshKey('fading');
      const connection = at(network, 'ChongqingMSP');
      await commit(connection, 'putPrivate', secretly('fading', key, 'for a while'));
      for (const n of [1, 2]) await commit(connection, 'put', [freshKey('block'), String(n)]);
      await answersSoon(at(network, 'ZhejiangMSP'), 'for a while', 'getPrivate', 'fading', key);
      await commit(connection, 'put', [freshKey('block'), '3']);
      for (const mspId of MEMBERS) await answersSoon(at(network, mspId), '', 'getPrivate', 'fading', key);
      await answersSoon(at(network, 'BeijingMSP'), '', 'hashOfPrivate', 'fading', key);
    },
  },
  {
    title: 'private keys come in ranges, in a transaction that only reads',
    run: async (network) => {
      const prefix = freshKey('private-range');
      const connection = at(network, 'ChongqingMSP');
      const names = ['b', '证', 'a'];
      for (const name of names) await commit(connection, 'putPrivate', secretly('open', `${prefix}${name}`, name));
      const found = await askValue(at(network, 'ZhejiangMSP'), 'rangePrivate', 'open', prefix, `${prefix}\u{10FFFF}`);
      expect(found).toEqual(['a', 'b', '证'].map((name) => [`${prefix}${name}`, name]));
      const writing = ask(connection, 'rangePrivateThenPut', 'open', prefix, prefix);
      expect(await refusal(writing)).toContain(
        'unsuppored transaction. Transaction has already performed queries on pvt data. Writes are not allowed',
      );
    },
  },
  {
    title: "a private key's own policy counts instead of the collection's, and the value stays readable",
    run: async (network) => {
      const key = freshKey('private-policy');
      const connection = at(network, 'ChongqingMSP');
      await commit(connection, 'putPrivate', secretly('open', key, 'guarded'));
      const policy = JSON.stringify(['ZhejiangMSP', 'BeijingMSP']);
      expect((await commit(connection, 'setPrivatePolicy', ['open', key, policy])).code).toBe(VALID);
      expect(await askValue(connection, 'privatePolicyOf', 'open', key)).toEqual(['BeijingMSP', 'ZhejiangMSP']);
      await answersSoon(at(network, 'ZhejiangMSP'), 'guarded', 'getPrivate', 'open', key);
      const wrong = secretly('open', key, 'x', 'ChongqingMSP', 'ZhejiangMSP');
      expect((await commit(connection, 'putPrivate', wrong)).code).toBe(ENDORSEMENT_POLICY_FAILURE);
      // Without transient data the plan follows the key's policy by itself.
      expect((await commit(connection, 'putPrivate', ['open', key, 'changed'])).code).toBe(VALID);
      expect(await ask(connection, 'getPrivate', 'open', key)).toBe('changed');
    },
  },
  {
    title: "an organisation's own collection needs no declaration, and its owner endorses",
    run: async (network) => {
      const key = freshKey('implicit');
      const connection = at(network, 'GuangdongMSP');
      const collection = '_implicit_org_GuangdongMSP';
      const { code } = await commit(connection, 'putPrivate', secretly(collection, key, 'mine'));
      expect(code).toBe(VALID);
      expect(await ask(connection, 'getPrivate', collection, key)).toBe('mine');
      expect(await refusal(ask(at(network, 'BeijingMSP'), 'getPrivate', collection, key))).toContain(NOT_AVAILABLE);
      const forged = secretly(collection, key, 'not mine', 'ChongqingMSP', 'BeijingMSP');
      expect((await commit(at(network, 'BeijingMSP'), 'putPrivate', forged)).code).toBe(ENDORSEMENT_POLICY_FAILURE);
      expect(await refusal(ask(connection, 'getPrivate', '_implicit_org_NobodyMSP', key))).toContain('NobodyMSP');
    },
  },
  {
    title: 'private and public writes of one transaction become valid together',
    run: async (network) => {
      const key = freshKey('both');
      const connection = at(network, 'ZhejiangMSP');
      expect((await commit(connection, 'putBoth', ['open', key, 'v'])).code).toBe(VALID);
      expect(await ask(connection, 'getPrivate', 'open', key)).toBe('v');
      await answersSoon(at(network, 'BeijingMSP'), 'v', 'get', key);
    },
  },
];
