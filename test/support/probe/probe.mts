import { readFileSync } from 'node:fs';
import { type Context, Contract, JSONSerializer } from 'fabric-contract-api';
import { type Iterators, KeyEndorsementPolicy } from 'fabric-shim';
import Bootstrap from 'fabric-shim/lib/contract-spi/bootstrap.js';
import protos from '@hyperledger/fabric-protos'; // After fabric-shim, whose own copy lacks the messages of batches.

const { peer } = protos;

type Found = [key: string, value: string];

/** A record of a batch: `peer.WriteRecord`, its values as texts. */
interface WriteRecord {
  readonly type: keyof typeof peer.WriteRecord.Type;
  readonly key: string;
  readonly value?: string;
  readonly collection?: string;
  /** MSP ids, for a record that sets the key's policy. */
  readonly policy?: readonly string[];
}

/**
 * A chaincode that does one thing with the shim in each transaction, and nothing of its own: what a conformance
 * scenario sees through it is the network's doing. Arguments and answers are texts; several values travel as JSON text.
 */
class ProbeContract extends Contract {
  constructor() {
    super('probe');
  }

  /** Reads and writes nothing: what any transaction costs. */
  async nothing(): Promise<void> {
    await Promise.resolve();
  }

  async put(ctx: Context, key: string, value: string): Promise<void> {
    await ctx.stub.putState(key, Buffer.from(value));
  }

  /** Writes `<prefix>000` and so on, each with its own key as value. */
  async putMany(ctx: Context, prefix: string, count: string): Promise<void> {
    for (let n = 0; n < Number(count); n += 1) {
      const key = `${prefix}${String(n).padStart(3, '0')}`;
      await ctx.stub.putState(key, Buffer.from(key));
    }
  }

  async get(ctx: Context, key: string): Promise<string> {
    return Buffer.from(await ctx.stub.getState(key)).toString();
  }

  async remove(ctx: Context, key: string): Promise<void> {
    await ctx.stub.deleteState(key);
  }

  /** Reads a number and writes the sum. */
  async add(ctx: Context, key: string, amount: string): Promise<string> {
    const sum = String(Number(Buffer.from(await ctx.stub.getState(key)).toString()) + Number(amount));
    await ctx.stub.putState(key, Buffer.from(sum));
    return sum;
  }

  /** Writes and reads in one transaction: the answer is what was committed before. */
  async putThenGet(ctx: Context, key: string, value: string): Promise<string> {
    await ctx.stub.putState(key, Buffer.from(value));
    return Buffer.from(await ctx.stub.getState(key)).toString();
  }

  async range(ctx: Context, start: string, end: string): Promise<string> {
    return JSON.stringify(await collect(await ctx.stub.getStateByRange(start, end)));
  }

  /** Counts a range and writes the count somewhere else. */
  async count(ctx: Context, start: string, end: string, target: string): Promise<string> {
    const found = await collect(await ctx.stub.getStateByRange(start, end));
    await ctx.stub.putState(target, Buffer.from(String(found.length)));
    return String(found.length);
  }

  async page(ctx: Context, start: string, end: string, size: string, bookmark: string): Promise<string> {
    const answer = await ctx.stub.getStateByRangeWithPagination(start, end, Number(size), bookmark);
    return JSON.stringify({ found: await collect(answer.iterator), bookmark: answer.metadata.bookmark });
  }

  /** What a paged read forbids. */
  async pageThenPut(ctx: Context, start: string, end: string, key: string): Promise<void> {
    await ctx.stub.getStateByRangeWithPagination(start, end, 1, '');
    await ctx.stub.putState(key, Buffer.from('1'));
  }

  /** What a write forbids. */
  async putThenPage(ctx: Context, key: string, start: string, end: string): Promise<void> {
    await ctx.stub.putState(key, Buffer.from('1'));
    await ctx.stub.getStateByRangeWithPagination(start, end, 1, '');
  }

  async putComposite(ctx: Context, type: string, attributes: string, value: string): Promise<void> {
    await ctx.stub.putState(compositeKey(ctx, type, attributes), Buffer.from(value));
  }

  async listComposite(ctx: Context, type: string, attributes: string): Promise<string> {
    const parts = JSON.parse(attributes) as string[];
    const found = await collect(await ctx.stub.getStateByPartialCompositeKey(type, parts));
    return JSON.stringify(found.map(([key, value]) => ({ ...ctx.stub.splitCompositeKey(key), value })));
  }

  async history(ctx: Context, key: string): Promise<string> {
    const items: object[] = [];
    const iterator = await ctx.stub.getHistoryForKey(key);
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      const { txId, isDelete, value, timestamp } = next.value;
      items.push({ txId, isDelete, value: Buffer.from(value).toString(), seconds: Number(timestamp.seconds) });
    }
    await iterator.close();
    return JSON.stringify(items);
  }

  async emit(ctx: Context, key: string, name: string, payload: string): Promise<void> {
    await ctx.stub.putState(key, Buffer.from(payload));
    ctx.stub.setEvent(name, Buffer.from(payload));
  }

  /** From now on a peer of each of these organisations must endorse a change of the key. */
  async setPolicy(ctx: Context, key: string, mspIds: string): Promise<void> {
    const policy = new KeyEndorsementPolicy();
    policy.addOrgs('PEER', ...(JSON.parse(mspIds) as string[]));
    await ctx.stub.setStateValidationParameter(key, policy.getPolicy());
  }

  async policyOf(ctx: Context, key: string): Promise<string> {
    const bytes = await ctx.stub.getStateValidationParameter(key);
    return JSON.stringify(bytes.length === 0 ? [] : new KeyEndorsementPolicy(Buffer.from(bytes)).listOrgs().sort());
  }

  /** What a transaction's header says of its client and its time. */
  proposal(ctx: Context): string {
    const { mspid, idBytes } = ctx.stub.getCreator();
    const { seconds, nanos } = ctx.stub.getTxTimestamp();
    return JSON.stringify({
      mspId: mspid,
      certificate: Buffer.from(idBytes).toString(),
      milliseconds: Number(seconds) * 1_000 + Math.floor(nanos / 1_000_000),
      channel: ctx.stub.getChannelID(),
      binding: ctx.stub.getBinding(),
      args: ctx.stub.getArgs(),
    });
  }

  transient(ctx: Context, name: string): string {
    return Buffer.from(ctx.stub.getTransient().get(name) ?? []).toString();
  }

  /** Writes to a collection what the client sent as transient `value`; without it `fallback`, which the block shows. */
  async putPrivate(ctx: Context, collection: string, key: string, fallback: string): Promise<void> {
    const value = ctx.stub.getTransient().get('value') ?? Buffer.from(fallback);
    await ctx.stub.putPrivateData(collection, key, value);
  }

  /** One private and one public key together. */
  async putBoth(ctx: Context, collection: string, key: string, value: string): Promise<void> {
    await ctx.stub.putPrivateData(collection, key, Buffer.from(value));
    await ctx.stub.putState(key, Buffer.from(value));
  }

  async getPrivate(ctx: Context, collection: string, key: string): Promise<string> {
    return Buffer.from(await ctx.stub.getPrivateData(collection, key)).toString();
  }

  /** Reads a private number and writes the sum to the same key. */
  async addPrivate(ctx: Context, collection: string, key: string, amount: string): Promise<void> {
    const before = Buffer.from(await ctx.stub.getPrivateData(collection, key)).toString();
    await ctx.stub.putPrivateData(collection, key, Buffer.from(String(Number(before) + Number(amount))));
  }

  /** Reads a private value and writes its length in public. */
  async measurePrivate(ctx: Context, collection: string, key: string): Promise<void> {
    const value = await ctx.stub.getPrivateData(collection, key);
    await ctx.stub.putState(`${key}length`, Buffer.from(String(value.length)));
  }

  async hashOfPrivate(ctx: Context, collection: string, key: string): Promise<string> {
    return Buffer.from(await ctx.stub.getPrivateDataHash(collection, key)).toString('hex');
  }

  async removePrivate(ctx: Context, collection: string, key: string): Promise<void> {
    await ctx.stub.deletePrivateData(collection, key);
  }

  async purgePrivate(ctx: Context, collection: string, key: string): Promise<void> {
    await ctx.stub.purgePrivateData(collection, key);
  }

  async rangePrivate(ctx: Context, collection: string, start: string, end: string): Promise<string> {
    const found: Found[] = [];
    for await (const { key, value } of ctx.stub.getPrivateDataByRange(collection, start, end)) {
      found.push([key, Buffer.from(value).toString()]);
    }
    return JSON.stringify(found);
  }

  /** What a private range forbids. */
  async rangePrivateThenPut(ctx: Context, collection: string, start: string, key: string): Promise<void> {
    await this.rangePrivate(ctx, collection, start, '');
    await ctx.stub.putState(key, Buffer.from('1'));
  }

  async setPrivatePolicy(ctx: Context, collection: string, key: string, mspIds: string): Promise<void> {
    const policy = new KeyEndorsementPolicy();
    policy.addOrgs('PEER', ...(JSON.parse(mspIds) as string[]));
    await ctx.stub.setPrivateDataValidationParameter(collection, key, policy.getPolicy());
  }

  async privatePolicyOf(ctx: Context, collection: string, key: string): Promise<string> {
    const bytes = await ctx.stub.getPrivateDataValidationParameter(collection, key);
    return JSON.stringify(bytes.length === 0 ? [] : new KeyEndorsementPolicy(Buffer.from(bytes)).listOrgs().sort());
  }

  async query(ctx: Context, selector: string): Promise<string> {
    return JSON.stringify(await collect(await ctx.stub.getQueryResult(selector)));
  }

  /** Several writes in one message of the shim. @param records JSON of {@link WriteRecord}s */
  async writeBatch(ctx: Context, records: string): Promise<void> {
    const batch = new peer.WriteBatchState();
    batch.setRecList((JSON.parse(records) as WriteRecord[]).map(toRecord));
    await askRaw(ctx, WRITE_BATCH_STATE, batch.serializeBinary());
  }

  /** Several keys asked for in one message of the shim. @param keys JSON. @returns JSON of their values */
  async getMultiple(ctx: Context, collection: string, keys: string): Promise<string> {
    const request = new peer.GetStateMultiple();
    request.setCollection(collection);
    request.setKeysList(JSON.parse(keys) as string[]);
    const answer = await askRaw(ctx, GET_STATE_MULTIPLE, request.serializeBinary());
    const values = peer.GetStateMultipleResult.deserializeBinary(answer).getValuesList_asU8();
    return JSON.stringify(values.map((value) => Buffer.from(value).toString()));
  }

  /** Reads several numbers in one message and writes their sum. */
  async addMultiple(ctx: Context, keys: string, target: string): Promise<void> {
    const values = JSON.parse(await this.getMultiple(ctx, '', keys)) as string[];
    const sum = values.reduce((total, value) => total + Number(value), 0);
    await ctx.stub.putState(target, Buffer.from(String(sum)));
  }

  whoami(ctx: Context): string {
    const { clientIdentity, stub } = ctx;
    return JSON.stringify({ mspId: clientIdentity.getMSPID(), id: clientIdentity.getID(), txId: stub.getTxID() });
  }

  /** An attribute of the caller's certificate; empty where it has none of that name. */
  attribute(ctx: Context, name: string): string {
    return ctx.clientIdentity.getAttributeValue(name) ?? '';
  }

  /** Writes for clients whose certificate has an attribute of that value, and for no others. */
  async putFor(ctx: Context, name: string, value: string, key: string): Promise<void> {
    if (!ctx.clientIdentity.assertAttributeValue(name, value)) throw new Error(`only for ${name}=${value}`);
    await ctx.stub.putState(key, Buffer.from(value));
  }

  async sleep(_ctx: Context, milliseconds: string): Promise<string> {
    await new Promise((resolve) => setTimeout(resolve, Number(milliseconds)));
    return milliseconds;
  }

  /** As a bug that nobody caught. */
  die(): void {
    process.kill(process.pid, 'SIGKILL');
  }

  fail(_ctx: Context, message: string): never {
    throw new Error(message);
  }

  /** Another result on every peer that runs it. */
  async disagree(ctx: Context, key: string): Promise<void> {
    await ctx.stub.putState(key, Buffer.from(`${process.hrtime.bigint()} ${Math.random()}`));
  }

  /** Calls another chaincode of the channel and passes its answer on. */
  async callOther(ctx: Context, chaincode: string, args: string): Promise<string> {
    return this.callAbroad(ctx, chaincode, args, ctx.stub.getChannelID());
  }

  /** As {@link callOther}, on another channel. */
  async callAbroad(ctx: Context, chaincode: string, args: string, channel: string): Promise<string> {
    const response = await ctx.stub.invokeChaincode(chaincode, JSON.parse(args) as string[], channel);
    const { status, message, payload = [] } = response;
    return JSON.stringify({ status, message, payload: Buffer.from(payload).toString() });
  }
}

function compositeKey(ctx: Context, type: string, attributes: string): string {
  return ctx.stub.createCompositeKey(type, JSON.parse(attributes) as string[]);
}

async function collect(iterator: Iterators.StateQueryIterator): Promise<Found[]> {
  const found: Found[] = [];
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
    found.push([next.value.key, Buffer.from(next.value.value).toString()]);
  }
  await iterator.close();
  return found;
}

/** Of `ChaincodeMessage.Type`: fabric-shim 2.5 does not have them. */
const WRITE_BATCH_STATE = 24;
const GET_STATE_MULTIPLE = 25;

/** The part of fabric-shim's handler through which its messages go. */
interface Handler {
  handleGetState(collection: string, key: string, channel: string, txId: string): Promise<Uint8Array>;
  _askPeerAndListen(message: RawMessage, method: string): Promise<Uint8Array>;
}

interface RawMessage {
  setType(type: number): void;
  setPayload(payload: Uint8Array): void;
}

/** Sends a message of any type: one of the shim's own, changed on its way. */
function askRaw({ stub }: Context, type: number, payload: Uint8Array): Promise<Uint8Array> {
  const { handler } = stub as unknown as { handler: Handler };
  const changing = Object.assign(Object.create(handler) as Handler, {
    _askPeerAndListen: (message: RawMessage, method: string) => {
      message.setType(type);
      message.setPayload(payload);
      return handler._askPeerAndListen(message, method);
    },
  });
  return changing.handleGetState('', '', stub.getChannelID(), stub.getTxID());
}

function toRecord({ type, key, value = '', collection = '', policy }: WriteRecord) {
  const record = new peer.WriteRecord();
  record.setType(peer.WriteRecord.Type[type]);
  record.setKey(key);
  record.setValue(Buffer.from(value));
  record.setCollection(collection);
  if (policy === undefined) return record;
  const signers = new KeyEndorsementPolicy();
  signers.addOrgs('PEER', ...policy);
  const metadata = new peer.StateMetadata();
  metadata.setMetakey('VALIDATION_PARAMETER');
  metadata.setValue(signers.getPolicy());
  record.setMetadata(metadata);
  return record;
}

const { CHAINCODE_SERVER_ADDRESS: address = '', CHAINCODE_ID: ccid = '' } = process.env;
const serializers = { transaction: 'json', serializers: { json: JSONSerializer } };
process.once('SIGTERM', () => process.exit(0));
const { CORE_CHAINCODE_TLS_CERT_FILE: cert = '', CORE_CHAINCODE_TLS_KEY_FILE: key = '' } = process.env;
const { CORE_CHAINCODE_TLS_CLIENT_CACERT_FILE: clients = '' } = process.env;
const tlsProps = { cert: readFileSync(cert), key: readFileSync(key), clientCACerts: readFileSync(clients) };
await Bootstrap.register([ProbeContract], serializers, {}, 'probe', '1', { address, ccid, tlsProps }, true);
