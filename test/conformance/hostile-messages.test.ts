import { readFileSync } from 'node:fs';

import { Client, credentials, status } from '@grpc/grpc-js';
import { common, gateway, peer } from '@hyperledger/fabric-protos';
import fc from 'fast-check';

import { residentBytes } from '../../network/manager/process-table.js';
import { checkNetwork } from '../../network/fsck/check-network.js';
import { readChain } from '../support/network/block-stream.js';
import { planOf } from '../support/network/config-change.js';
import { type PeerConnection } from '../support/network/peer-connection.js';
import { plainTopology, probeChaincode } from '../support/network/plain-topology.js';
import { TestNetwork } from '../support/network/test-network.js';
import { serializedIdentity, signMessage } from '../support/network/user-identity.js';
import { ask, commit, probeOf } from '../support/probe/probe-client.js';

/** Messages of one run; each of them reaches the peer. */
const MESSAGES = 10_000;
const AT_ONCE = 50;
/** No answer may take longer than this, milliseconds: what hangs is a fault too. */
const ANSWER_MS = 10_000;
/** How much the process may grow while it is sent rubbish, once it has seen some. */
const GROWTH_BYTES_MAX = 150 * 1024 * 1024;

const UNARY = [
  '/gateway.Gateway/Evaluate',
  '/gateway.Gateway/Endorse',
  '/gateway.Gateway/Submit',
  '/gateway.Gateway/CommitStatus',
  '/protos.Endorser/ProcessProposal',
] as const;
const STREAMS = [
  '/protos.Deliver/Deliver',
  '/protos.Deliver/DeliverFiltered',
  '/gateway.Gateway/ChaincodeEvents',
  '/orderer.AtomicBroadcast/Broadcast',
  '/orderer.AtomicBroadcast/Deliver',
] as const;

interface Attack {
  readonly method: string;
  readonly bytes: Buffer;
}

/** A genuine message of each kind, from which most of the hostile ones are made. */
interface Genuine {
  readonly proposal: Buffer;
  readonly endorse: Buffer;
  readonly submit: Buffer;
  readonly status: Buffer;
  readonly seek: Buffer;
}

async function makeGenuine(connection: PeerConnection): Promise<Genuine> {
  const proposal = probeOf(connection).newProposal('put', { arguments: ['hostile', '1'] });
  const transaction = await proposal.endorse();
  const signed = gateway.ProposedTransaction.deserializeBinary(proposal.getBytes()).getProposal();
  const endorse = new gateway.EndorseRequest();
  endorse.setChannelId('plain');
  endorse.setTransactionId(proposal.getTransactionId());
  endorse.setProposedTransaction(signed);
  const submit = new gateway.SubmitRequest();
  submit.setChannelId('plain');
  submit.setTransactionId(proposal.getTransactionId());
  submit.setPreparedTransaction(gateway.PreparedTransaction.deserializeBinary(transaction.getBytes()).getEnvelope());
  const request = new gateway.CommitStatusRequest();
  request.setChannelId('plain');
  request.setTransactionId('0'.repeat(64));
  request.setIdentity(serializedIdentity(connection.identity));
  const signedStatus = new gateway.SignedCommitStatusRequest();
  signedStatus.setRequest(request.serializeBinary());
  signedStatus.setSignature(signMessage(connection.identity, request.serializeBinary()));
  const seek = new common.Envelope();
  seek.setPayload(submit.getPreparedTransaction()?.getPayload_asU8() ?? '');
  return {
    proposal: Buffer.from((signed ?? new peer.SignedProposal()).serializeBinary()),
    endorse: Buffer.from(endorse.serializeBinary()),
    submit: Buffer.from(submit.serializeBinary()),
    status: Buffer.from(signedStatus.serializeBinary()),
    seek: Buffer.from(seek.serializeBinary()),
  };
}

/** A genuine message with bytes that were changed, cut out, doubled or put in. */
function damaged(genuine: Genuine): fc.Arbitrary<Buffer> {
  const cut = fc.record({
    at: fc.nat(4_000),
    count: fc.integer({ min: 0, max: 60 }),
    with: fc.uint8Array({ maxLength: 60 }),
  });
  return fc
    .tuple(fc.constantFrom(...(Object.values(genuine) as Buffer[])), fc.array(cut, { minLength: 1, maxLength: 4 }))
    .map(([message, cuts]) =>
      cuts.reduce((bytes, { at, count, with: put }) => {
        const from = at % Math.max(1, bytes.length);
        return Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + count)]);
      }, message),
    );
}

function attacks(genuine: Genuine): fc.Arbitrary<Attack> {
  const nonsense = fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes));
  return fc.record({
    method: fc.constantFrom(...UNARY, ...UNARY, ...STREAMS),
    bytes: fc.oneof({ weight: 4, arbitrary: damaged(genuine) }, { weight: 1, arbitrary: nonsense }),
  });
}

/** Sends one message and waits for whatever comes. @returns false where nothing came in time */
function send(client: Client, { method, bytes }: Attack): Promise<boolean> {
  const same = (message: Buffer) => message;
  const deadline = Date.now() + ANSWER_MS;
  return new Promise((resolve) => {
    const done = (code: number | undefined) => {
      resolve(code !== status.DEADLINE_EXCEEDED || Date.now() < deadline);
    };
    if ((UNARY as readonly string[]).includes(method)) {
      // A wait for a transaction that never comes is right to last: its caller goes away.
      const limit = method.endsWith('CommitStatus') ? Date.now() + 300 : deadline;
      client.makeUnaryRequest(method, same, same, bytes, { deadline: limit }, (error) => {
        resolve(method.endsWith('CommitStatus') || error?.code !== status.DEADLINE_EXCEEDED);
      });
      return;
    }
    const stream = client.makeBidiStreamRequest(method, same, same, { deadline: Date.now() + 300 });
    stream.on('data', () => {
      stream.cancel();
    });
    stream.on('error', ({ code }: { code?: number }) => {
      done(code);
    });
    stream.on('end', () => {
      done(undefined);
    });
    stream.write(bytes);
    stream.end();
  });
}

/** The orderer's own port, which clients may use without a peer. */
function ordererClient(network: TestNetwork): Client {
  const [node] = planOf(network).orderer.nodes;
  if (node === undefined) throw new Error('a network has an orderer');
  const options = { 'grpc.ssl_target_name_override': node.id };
  return new Client(node.address, credentials.createSsl(readFileSync(node.tls.caFile)), options);
}

test(`${MESSAGES} hostile messages: no crash, no hang, no growth, and the chain stays sound`, async () => {
  await using network = await TestNetwork.start({ topology: plainTopology([probeChaincode()]) });
  const connection = network.connectAs('user@one');
  await commit(connection, 'put', ['before', '1']);
  const orderer = ordererClient(network);
  const messages = fc.sample(attacks(await makeGenuine(connection)), { numRuns: MESSAGES, seed: 20_261_122 });
  const { pid } = network;
  const unanswered: string[] = [];
  let warm = 0;
  for (let at = 0; at < messages.length; at += AT_ONCE) {
    const batch = messages.slice(at, at + AT_ONCE);
    const clientOf = ({ method }: Attack) => (method.startsWith('/orderer.') ? orderer : connection.client);
    const answered = await Promise.all(batch.map((attack) => send(clientOf(attack), attack)));
    unanswered.push(...batch.filter((_, index) => answered[index] !== true).map(({ method }) => method));
    if (at === MESSAGES / 5) warm = residentBytes(pid) ?? 0;
  }
  orderer.close();
  expect(unanswered).toEqual([]);
  expect(network.pid).toBe(pid);
  expect((residentBytes(pid) ?? 0) - warm).toBeLessThan(GROWTH_BYTES_MAX);
  // It still serves, and nothing that came through is anything but a transaction judged like any other.
  expect((await commit(connection, 'put', ['after', '2'])).code).toBe(0);
  expect(await ask(network.connectAs('user@two'), 'get', 'after')).toBe('2');
  expect((await readChain(connection)).length).toBeGreaterThan(3);
  await network.down();
  expect((await checkNetwork(network.folder.root)).findings).toEqual([]);
}, 300_000);
