import { type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { credentials } from '@grpc/grpc-js';
import { common, msp, peer } from '@hyperledger/fabric-protos';

import { ShimStream } from '../../../network/embedded/chaincode/shim-stream.js';
import { SimulatedRequests } from '../../../network/embedded/endorse/shim-requests.js';
import { Simulator } from '../../../network/embedded/endorse/simulator.js';
import { type CollectionAccess } from '../../../network/embedded/endorse/collection-access.js';
import { freePort } from '../../support/network/free-port.js';
import { certificateOf } from '../../support/test-certificates.js';
import { spawnTypescript } from '../../support/typescript-process.js';
import { MemoryState } from '../network/commit/memory-state.js';

const { Type } = peer.ChaincodeMessage;
const typeNames = new Map(Object.entries(Type).map(([name, number]) => [number as number, name]));
const allowed = { useWriteBatch: true, maxSizeWriteBatch: 100, useGetMultipleKeys: true, maxSizeGetMultipleKeys: 100 };

let server: ChildProcess;
let address: string;
let signedProposal: peer.SignedProposal;

beforeAll(async () => {
  signedProposal = proposalOf(await certificateOf('somebody', {}));
  address = `127.0.0.1:${await freePort()}`;
  const env = { CHAINCODE_SERVER_ADDRESS: address, CHAINCODE_ID: 'test:1' };
  // A process of its own, as always: two copies of Fabric's messages in one process mix.
  const child = spawnTypescript('test/support/writing-chaincode.ts', [], env);
  server = child;
  await once(child.stdout, 'data');
}, 30_000);
afterAll(() => {
  server.kill();
});

/** What the shim reads of a proposal: who made it. */
function proposalOf(pem: string): peer.SignedProposal {
  const creator = new msp.SerializedIdentity();
  creator.setMspid('OrgMSP');
  creator.setIdBytes(Buffer.from(pem));
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setCreator(creator.serializeBinary());
  signatureHeader.setNonce(Buffer.from('nonce'));
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType.ENDORSER_TRANSACTION);
  channelHeader.setChannelId('ch');
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(signatureHeader.serializeBinary());
  const payload = new peer.ChaincodeProposalPayload();
  payload.setInput(Buffer.from('input'));
  const proposal = new peer.Proposal();
  proposal.setHeader(header.serializeBinary());
  proposal.setPayload(payload.serializeBinary());
  const signed = new peer.SignedProposal();
  signed.setProposalBytes(proposal.serializeBinary());
  return signed;
}

/** Runs one transaction of the real server on a peer's own answers. @param runtimeParams what the peer announces. */
async function run(transaction: string, runtimeParams?: typeof allowed) {
  const state = new MemoryState();
  state.set('cc', '', 'a', { value: Buffer.from('A'), version: { blockNumber: 1n, txIndex: 0 }, metadata: new Map() });
  const committed = Object.assign(state, {
    getPrivate: () => undefined,
    history: () => nothingAsync(),
    privateRange: () => nothingAsync(),
  });
  const simulator = new Simulator(committed, { txId: 'tx', hasCollection: () => true });
  const access = {
    checkRead: () => undefined,
    checkWrite: (_chaincode: string, collection: string) => {
      if (collection === 'closed') throw new Error('no write access');
    },
  } as unknown as CollectionAccess;
  const invokeOther = () => Promise.reject(new Error('nobody else here'));
  const requests = new SimulatedRequests({ simulator, namespace: 'cc', txId: 'tx', access, invokeOther });
  const asked: string[] = [];
  const stream = new ShimStream({
    name: 'cc_1',
    address,
    credentials: credentials.createInsecure(),
    executeTimeoutMs: 5_000,
    ...(runtimeParams === undefined ? {} : { runtimeParams }),
  });
  const input = new peer.ChaincodeInput();
  input.setArgsList([Buffer.from(`writer:${transaction}`)]);
  const { response } = await stream.execute({
    channelId: 'ch',
    txId: 'tx',
    input: input.serializeBinary(),
    signedProposal,
    requests: {
      answer: (type, payload) => {
        asked.push(typeNames.get(type) ?? '');
        return requests.answer(type, payload);
      },
    },
  });
  stream.close();
  return { response, asked, results: Buffer.from(simulator.resultBytes()).toString('hex') };
}

async function* nothingAsync(): AsyncGenerator<never> {
  yield* await Promise.resolve([]);
}

describe('a peer that takes several keys in one message', () => {
  test('is sent three messages for what takes eleven, and records the same reads and writes', async () => {
    const single = await run('mixed');
    const batched = await run('mixed', allowed);
    expect(single.asked).toHaveLength(11);
    expect(batched.asked).toEqual(['GET_STATE_MULTIPLE', 'GET_STATE', 'WRITE_BATCH_STATE']);
    expect(batched.results).toBe(single.results);
    expect(batched.results).not.toBe('');
    expect(Buffer.from(batched.response.payload).toString()).toBe('A/0/0');
    expect(batched.response).toEqual(single.response);
  });

  test('is sent no more writes in one message than it said', async () => {
    const { asked, results } = await run('many', allowed);
    expect(asked).toEqual(['WRITE_BATCH_STATE', 'WRITE_BATCH_STATE', 'WRITE_BATCH_STATE']);
    expect(results).toBe((await run('many')).results);
  });

  test.each([
    ['putThenPage', 'Paginated queries are supported only in a read-only transaction'],
    ['pageThenPut', 'has already performed a paginated query. Writes are not allowed'],
  ])('%s is refused in the words of single writes', async (transaction, words) => {
    for (const params of [undefined, allowed]) {
      const { response } = await run(transaction, params);
      expect(response).toMatchObject({ status: 500, message: expect.stringContaining(words) as string });
    }
  });

  test('a write that it refuses fails the transaction', async () => {
    const { response } = await run('putAbroad', allowed);
    expect(response).toMatchObject({
      status: 500,
      message: 'WRITE_BATCH_STATE failed: transaction ID: tx: no write access',
    });
  });

  test('is sent nothing by a transaction that failed', async () => {
    const { response, asked } = await run('putAndFail', allowed);
    expect(response).toMatchObject({ status: 500, message: 'changed its mind' });
    expect(asked).toEqual([]);
  });

  test('is asked for private keys one by one, because only then it says that it lacks a value', async () => {
    expect((await run('twoSecrets', allowed)).asked).toEqual(['GET_STATE', 'GET_STATE']);
  });
});

test.each([
  ['nothing, as Fabric 2.5 does', undefined],
  ['that it takes none', { ...allowed, useWriteBatch: false, useGetMultipleKeys: false }],
])('a peer that announces %s is asked one by one', async (_what, params) => {
  const { asked } = await run('mixed', params);
  expect(asked.filter((name) => name === 'GET_STATE')).toHaveLength(3);
  expect(asked).toEqual(expect.arrayContaining(['PUT_STATE', 'PUT_STATE_METADATA', 'DEL_STATE', 'PURGE_PRIVATE_DATA']));
});
