import { credentials, Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import { peer } from '@hyperledger/fabric-protos';
import { type ServerLife, ShimStream } from '../../../../network/embedded/chaincode/shim-stream.js';

type Message = peer.ChaincodeMessage;
type Stream = ServerDuplexStream<Message, Message>;
const { Type } = peer.ChaincodeMessage;

/** A chaincode server on the real protocol whose behaviour a test writes itself. */
async function serve(behave: (stream: Stream) => void): Promise<{ address: string; close: () => void }> {
  const server = new Server();
  server.addService(peer.ChaincodeService, { connect: behave });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return {
    address: `127.0.0.1:${port}`,
    close: () => {
      server.forceShutdown();
    },
  };
}

function message(
  type: number,
  about: { txid: string; channel: string },
  payload: Uint8Array = new Uint8Array(),
): Message {
  const made = new peer.ChaincodeMessage();
  made.setType(type as Parameters<Message['setType']>[0]);
  made.setTxid(about.txid);
  made.setChannelId(about.channel);
  made.setPayload(payload);
  return made;
}

const register = (stream: Stream) => stream.write(message(Type.REGISTER, { txid: '', channel: '' }));

function completed(status: number, text: string): Uint8Array {
  const response = new peer.Response();
  response.setStatus(status);
  response.setPayload(Buffer.from(text));
  return response.serializeBinary();
}

const streamTo = (address: string, executeTimeoutMs = 2_000, life?: ServerLife) =>
  new ShimStream({
    name: 'cc_1',
    address,
    credentials: credentials.createInsecure(),
    executeTimeoutMs,
    ...(life === undefined ? {} : { life }),
  });

const call = (txId: string, answer: (type: number, payload: Uint8Array) => Promise<Uint8Array>) => ({
  channelId: 'ch',
  txId,
  input: Buffer.from('input'),
  signedProposal: new peer.SignedProposal(),
  requests: { answer },
});
const noRequests = () => Promise.reject(new Error('not asked'));

test('a call carries its input, its questions are answered, its response comes back', async () => {
  const server = await serve((stream) => {
    stream.on('data', (received: Message) => {
      const about = { txid: received.getTxid(), channel: received.getChannelId() };
      if (received.getType() === Type.TRANSACTION) stream.write(message(Type.GET_STATE, about, Buffer.from('key')));
      if (received.getType() === Type.RESPONSE) {
        const text = Buffer.from(received.getPayload_asU8()).toString();
        stream.write(message(Type.COMPLETED, about, completed(200, `got ${text}`)));
      }
    });
    register(stream);
  });
  const stream = streamTo(server.address);
  const { response } = await stream.execute(
    call('t1', (type, payload) => {
      expect(type).toBe(Type.GET_STATE);
      return Promise.resolve(Buffer.from(`value of ${Buffer.from(payload).toString()}`));
    }),
  );
  expect(Buffer.from(response.payload).toString()).toBe('got value of key');
  stream.close();
  server.close();
});

test('a refused question reaches the chaincode as an error with its text', async () => {
  const server = await serve((stream) => {
    stream.on('data', (received: Message) => {
      const about = { txid: received.getTxid(), channel: received.getChannelId() };
      if (received.getType() === Type.TRANSACTION) stream.write(message(Type.GET_STATE, about));
      if (received.getType() === Type.ERROR) stream.write(message(Type.ERROR, about, received.getPayload_asU8()));
    });
    register(stream);
  });
  const stream = streamTo(server.address);
  const { response } = await stream.execute(call('t1', () => Promise.reject(new Error('no such collection'))));
  expect(response).toMatchObject({ status: 500, message: 'no such collection' });
  stream.close();
  server.close();
});

test('one transaction cannot run twice at a time on one stream', async () => {
  const server = await serve(register);
  const stream = streamTo(server.address, 100);
  const first = stream.execute(call('t1', noRequests));
  await stream.ready();
  await new Promise(setImmediate);
  await expect(stream.execute(call('t1', noRequests))).rejects.toMatchObject({ code: 'DUPLICATE' });
  await expect(first).rejects.toMatchObject({ code: 'TIMEOUT' });
  stream.close();
  server.close();
});

test('a chaincode that dies fails the calls under way, and the next call connects anew', async () => {
  let connections = 0;
  const server = await serve((stream) => {
    connections += 1;
    const isFirst = connections === 1;
    stream.on('data', (received: Message) => {
      if (received.getType() !== Type.TRANSACTION) return;
      if (isFirst) stream.emit('error', new Error('the process ends'));
      else {
        const about = { txid: received.getTxid(), channel: received.getChannelId() };
        stream.write(message(Type.COMPLETED, about, completed(200, 'back')));
      }
    });
    register(stream);
  });
  const stream = streamTo(server.address);
  await expect(stream.execute(call('t1', noRequests))).rejects.toMatchObject({
    code: 'TERMINATED',
    message: 'chaincode stream terminated',
  });
  const { response } = await stream.execute(call('t2', noRequests));
  expect(Buffer.from(response.payload).toString()).toBe('back');
  stream.close();
  server.close();
});

test('what one peer notices of a dead process, another does not have to find out with a call of its own', async () => {
  const silent: Stream[] = []; // A process that is gone while nobody has noticed: it answers nothing.
  const server = await serve((stream) => {
    const isOld = silent.length < 2;
    if (isOld) silent.push(stream);
    stream.on('data', (received: Message) => {
      if (received.getType() !== Type.TRANSACTION || isOld) return;
      const about = { txid: received.getTxid(), channel: received.getChannelId() };
      stream.write(message(Type.COMPLETED, about, completed(200, 'of the new one')));
    });
    register(stream);
  });
  let generation = 0;
  const life = {
    generation: () => Promise.resolve(generation),
    broke: (seen: number) => {
      if (seen === generation) generation += 1;
    },
  };
  const [one, two] = [streamTo(server.address, 2_000, life), streamTo(server.address, 2_000, life)];
  await Promise.all([one.ready(), two.ready()]);
  const [first, underWay] = [one.execute(call('t1', noRequests)), two.execute(call('t0', noRequests))];
  await new Promise(setImmediate);
  silent[0]?.emit('error', new Error('the process ends'));
  const next = await first.catch(() => two.execute(call('t1', noRequests)));
  expect(Buffer.from(next.response.payload).toString()).toBe('of the new one');
  // Its own connection may be a good one: a call under way there is ended by nobody else.
  await expect(underWay).rejects.toMatchObject({ code: 'TIMEOUT' });
  one.close();
  two.close();
  server.close();
});

test('nobody listening is told in Fabric’s words', async () => {
  const server = await serve(register);
  server.close();
  await expect(streamTo(server.address).execute(call('t1', noRequests))).rejects.toMatchObject({
    code: 'UNREACHABLE',
    message: expect.stringContaining('could not launch chaincode cc_1') as string,
  });
});

test('a server that closes before it registers is unreachable, not a hang', async () => {
  const server = await serve((stream) => {
    stream.end();
  });
  await expect(streamTo(server.address).ready()).rejects.toMatchObject({ code: 'UNREACHABLE' });
  server.close();
});
