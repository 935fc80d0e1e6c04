import { Client, credentials, Server, ServerCredentials, type ServiceError, status } from '@grpc/grpc-js';
import { common, peer } from '@hyperledger/fabric-protos';
import {
  type BlockSource,
  createDeliverService,
  deliverDefinition,
} from '../../../../network/embedded/deliver/deliver-service.js';
import { encodeBlock } from '../../../../network/embedded/wire/block.js';
import {
  encodeChannelHeader,
  encodeEnvelope,
  encodePayload,
  encodeSignatureHeader,
} from '../../../../network/embedded/wire/envelope.js';
import { Writer } from '../../../../network/embedded/wire/protobuf-writer.js';
import { TestChannel } from '../commit/test-channel.js';

let channel: TestChannel;
beforeAll(async () => {
  channel = await TestChannel.create();
});

/** From the oldest block to the given one. */
function request(stop: bigint): common.Envelope {
  const channelHeaderBytes = encodeChannelHeader({
    type: common.HeaderType.DELIVER_SEEK_INFO,
    timestamp: { seconds: BigInt(Math.floor(Date.now() / 1_000)), nanos: 0 },
    channelId: channel.channel.channelId,
    txId: '',
    epoch: 0n,
    extension: new Uint8Array(),
  });
  const creator = channel.client.identityBytes;
  const signatureHeaderBytes = encodeSignatureHeader({ creator, nonce: Buffer.from('n') });
  const last = new Writer().message(3, new Writer().field(1, stop).bytes()).bytes();
  const info = new Writer().message(1, new Writer().message(2, new Uint8Array()).bytes()).message(2, last).bytes();
  const payload = encodePayload({ channelHeaderBytes, signatureHeaderBytes }, info);
  return common.Envelope.deserializeBinary(encodeEnvelope(payload, channel.client.sign(payload)));
}

type Outcome = { readonly responses: peer.DeliverResponse[]; readonly error?: ServiceError };

/** Calls `Deliver` on a real server over the given blocks. */
async function deliver(blocks: BlockSource['blocks'], bugs: unknown[]): Promise<Outcome> {
  const server = new Server();
  const context = {
    source: () => ({ channel: channel.channel, height: 2n, blocks, privateSets: () => Promise.resolve(new Map()) }),
    nowMs: Date.now,
    onBug: (error: unknown) => bugs.push(error),
  };
  server.addService(deliverDefinition, createDeliverService(context));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const { path, requestSerialize, responseDeserialize } = peer.DeliverService.deliver;
  const stream = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
  const responses: peer.DeliverResponse[] = [];
  const outcome = await new Promise<Outcome>((resolve) => {
    stream.on('data', (response: peer.DeliverResponse) => responses.push(response));
    stream.on('error', (error: ServiceError) => {
      resolve({ responses, error });
    });
    stream.on('end', () => {
      resolve({ responses });
    });
    stream.write(request(1n));
    stream.end(); // As Go clients do, right after the seek.
  });
  client.close();
  server.forceShutdown();
  return outcome;
}

test('a client that half-closes still gets every block and the closing status', async () => {
  const bytes = encodeBlock(channel.genesis);
  const { responses, error } = await deliver(async function* () {
    yield await Promise.resolve({ number: 0n, bytes });
    yield { number: 1n, bytes };
  }, []);
  expect(error).toBeUndefined();
  expect(responses.map((response) => response.getStatus())).toEqual([0, 0, common.Status.SUCCESS]);
  expect(Buffer.from(responses[0]?.getBlock()?.getHeader()?.getDataHash_asU8() ?? [])).toEqual(
    Buffer.from(channel.genesis.dataHash),
  );
});

test('a block that cannot be read ends the call at once, and whoever runs the network is told why', async () => {
  const bugs: unknown[] = [];
  const { error } = await deliver(async function* () {
    await Promise.resolve();
    throw new Error('LEDGER_CORRUPT');
  }, bugs);
  expect(error?.code).toBe(status.INTERNAL);
  expect(error?.details).toBe('internal error of the peer');
  expect(bugs).toMatchObject([{ message: 'LEDGER_CORRUPT' }]);
});
