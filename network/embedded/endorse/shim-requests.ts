import { ledger, peer } from '@hyperledger/fabric-protos';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb.js';
import { type ShimRequests } from '../chaincode/shim-stream.js';
import { type KeyedEntry, type StateEntry } from '../commit/state-view.js';
import { type HistoryItem } from '../ledger/state-snapshot.js';
import { type CollectionAccess } from './collection-access.js';
import { OpenQueries } from './open-queries.js';
import { type Simulator } from './simulator.js';

const { Type } = peer.ChaincodeMessage;
const Write = peer.WriteRecord.Type;
const nothing = new Uint8Array();

/** Calls another chaincode for the one that runs: same transaction, another namespace. */
export type InvokeOther = (target: string, input: Uint8Array) => Promise<Uint8Array>;

/** What a call of a chaincode is answered from. */
export interface SimulatedCall {
  readonly simulator: Simulator;
  /** The chaincode that runs: it sees its own namespace only. */
  readonly namespace: string;
  readonly txId: string;
  readonly access: CollectionAccess;
  readonly invokeOther: InvokeOther;
}

/** What one namespace of one transaction is answered: the peer's side of the shim protocol. */
export class SimulatedRequests implements ShimRequests {
  readonly #simulator: Simulator;
  readonly #namespace: string;
  readonly #txId: string;
  readonly #access: CollectionAccess;
  readonly #invokeOther: InvokeOther;
  readonly #queries: OpenQueries;

  constructor({ simulator, namespace, txId, access, invokeOther }: SimulatedCall) {
    this.#simulator = simulator;
    this.#namespace = namespace;
    this.#txId = txId;
    this.#access = access;
    this.#invokeOther = invokeOther;
    this.#queries = new OpenQueries(txId);
    simulator.enter(namespace);
  }

  /** @throws Error whose text the chaincode is told, in Fabric's form `TYPE failed: transaction ID: ID: why`. */
  async answer(type: number, payload: Uint8Array): Promise<Uint8Array> {
    try {
      return await this.#dispatch(type, payload);
    } catch (cause) {
      const name = Object.entries(Type).find(([, number]) => number === type)?.[0] ?? String(type);
      const why = cause instanceof Error ? cause.message : 'unknown error';
      throw new Error(`${name} failed: transaction ID: ${this.#txId}: ${why}`, { cause });
    }
  }

  async #dispatch(type: number, payload: Uint8Array): Promise<Uint8Array> {
    const handlers: Partial<Record<number, (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>>> = {
      [Type.GET_STATE]: (bytes) => this.#getState(bytes),
      [Type.GET_PRIVATE_DATA_HASH]: (bytes) => this.#getPrivateHash(bytes),
      [Type.PUT_STATE]: (bytes) => this.#putState(bytes),
      [Type.DEL_STATE]: (bytes) => this.#deleteState(bytes),
      [Type.PURGE_PRIVATE_DATA]: (bytes) => this.#purge(bytes),
      [Type.GET_STATE_METADATA]: (bytes) => this.#getMetadata(bytes),
      [Type.PUT_STATE_METADATA]: (bytes) => this.#putMetadata(bytes),
      [Type.WRITE_BATCH_STATE]: (bytes) => this.#writeBatch(bytes),
      [Type.GET_STATE_MULTIPLE]: (bytes) => this.#getMultiple(bytes),
      [Type.GET_STATE_BY_RANGE]: (bytes) => this.#rangeQuery(bytes),
      [Type.GET_HISTORY_FOR_KEY]: (bytes) => this.#historyQuery(bytes),
      [Type.GET_QUERY_RESULT]: (bytes) => this.#richQuery(bytes),
      [Type.QUERY_STATE_NEXT]: (bytes) => this.#queries.next(peer.QueryStateNext.deserializeBinary(bytes).getId()),
      [Type.QUERY_STATE_CLOSE]: (bytes) => this.#queries.close(peer.QueryStateClose.deserializeBinary(bytes).getId()),
      [Type.INVOKE_CHAINCODE]: (bytes) => this.#invoke(bytes),
    };
    const handler = handlers[type];
    if (handler === undefined) return refuse('this network does not answer that message');
    return handler(payload);
  }

  #getState(bytes: Uint8Array): Uint8Array {
    const request = peer.GetState.deserializeBinary(bytes);
    const collection = request.getCollection();
    if (collection === '') return this.#simulator.get(this.#namespace, request.getKey())?.value ?? nothing;
    this.#access.checkRead(this.#namespace, collection);
    return this.#simulator.getPrivate(this.#namespace, collection, request.getKey()) ?? nothing;
  }

  /** Values in the order of the keys; those of absent keys are empty. */
  #getMultiple(bytes: Uint8Array): Uint8Array {
    const request = peer.GetStateMultiple.deserializeBinary(bytes);
    const [collection, keys] = [request.getCollection(), request.getKeysList()];
    const result = new peer.GetStateMultipleResult();
    if (collection === '') {
      for (const key of keys) result.addValues(this.#simulator.get(this.#namespace, key)?.value ?? nothing);
      return result.serializeBinary();
    }
    this.#access.checkRead(this.#namespace, collection);
    const values = this.#simulator.getPrivateMultiple(this.#namespace, collection, keys);
    for (const value of values) result.addValues(value ?? nothing);
    return result.serializeBinary();
  }

  /** The hash is in every block, so anybody may read it. */
  #getPrivateHash(bytes: Uint8Array): Uint8Array {
    const request = peer.GetState.deserializeBinary(bytes);
    const entry = this.#simulator.getPrivateHash(this.#namespace, request.getCollection(), request.getKey());
    return entry?.value ?? nothing;
  }

  #putState(bytes: Uint8Array): Uint8Array {
    const request = peer.PutState.deserializeBinary(bytes);
    return this.#write(request.getCollection(), request.getKey(), request.getValue_asU8());
  }

  #deleteState(bytes: Uint8Array): Uint8Array {
    const request = peer.DelState.deserializeBinary(bytes);
    return this.#write(request.getCollection(), request.getKey(), nothing);
  }

  #purge(bytes: Uint8Array): Uint8Array {
    const request = peer.PurgePrivateState.deserializeBinary(bytes);
    return this.#purgeKey(request.getCollection(), request.getKey());
  }

  #purgeKey(collection: string, key: string): Uint8Array {
    if (collection === '') return refuse('only applicable for private data');
    this.#access.checkWrite(this.#namespace, collection);
    this.#simulator.putPrivate(this.#namespace, collection, key, nothing, true);
    return nothing;
  }

  /** Writes as single requests would have made them, in their order, up to the first that is refused. */
  #writeBatch(bytes: Uint8Array): Uint8Array {
    for (const record of peer.WriteBatchState.deserializeBinary(bytes).getRecList()) this.#writeRecord(record);
    return nothing;
  }

  #writeRecord(record: peer.WriteRecord): Uint8Array {
    const [collection, key, metadata] = [record.getCollection(), record.getKey(), record.getMetadata()];
    switch (record.getType()) {
      case Write.PUT_STATE:
        return this.#write(collection, key, record.getValue_asU8());
      case Write.DEL_STATE:
        return this.#write(collection, key, nothing);
      case Write.PURGE_PRIVATE_DATA:
        return this.#purgeKey(collection, key);
      case Write.PUT_STATE_METADATA:
        // Fabric takes a record without metadata for one with an empty name.
        return this.#writeMetadata(collection, key, metadata ?? new peer.StateMetadata());
      default:
        return refuse('unknown operation type');
    }
  }

  #write(collection: string, key: string, value: Uint8Array): Uint8Array {
    if (collection === '') this.#simulator.put(this.#namespace, key, value);
    else {
      this.#access.checkWrite(this.#namespace, collection);
      this.#simulator.putPrivate(this.#namespace, collection, key, value);
    }
    return nothing;
  }

  #getMetadata(bytes: Uint8Array): Uint8Array {
    const request = peer.GetStateMetadata.deserializeBinary(bytes);
    const result = new peer.StateMetadataResult();
    for (const [name, value] of this.#metadataOf(request.getCollection(), request.getKey())) {
      const entry = new peer.StateMetadata();
      entry.setMetakey(name);
      entry.setValue(value);
      result.addEntries(entry);
    }
    return result.serializeBinary();
  }

  #metadataOf(collection: string, key: string): StateEntry['metadata'] {
    if (collection === '') return this.#simulator.get(this.#namespace, key)?.metadata ?? new Map();
    this.#access.checkRead(this.#namespace, collection);
    return this.#simulator.getPrivateHash(this.#namespace, collection, key)?.metadata ?? new Map();
  }

  #putMetadata(bytes: Uint8Array): Uint8Array {
    const request = peer.PutStateMetadata.deserializeBinary(bytes);
    const entry = request.getMetadata();
    if (entry === undefined) return refuse('metadata is missing');
    return this.#writeMetadata(request.getCollection(), request.getKey(), entry);
  }

  #writeMetadata(collection: string, key: string, entry: peer.StateMetadata): Uint8Array {
    const [name, value] = [entry.getMetakey(), entry.getValue_asU8()];
    if (collection === '') this.#simulator.putMetadata(this.#namespace, key, name, value);
    else {
      this.#access.checkWrite(this.#namespace, collection);
      this.#simulator.putPrivateMetadata(this.#namespace, collection, key, { name, value });
    }
    return nothing;
  }

  async #rangeQuery(bytes: Uint8Array): Promise<Uint8Array> {
    const request = peer.GetStateByRange.deserializeBinary(bytes);
    const [startKey, endKey] = [request.getStartkey(), request.getEndkey()];
    const collection = request.getCollection();
    if (collection !== '') {
      this.#access.checkRead(this.#namespace, collection);
      return this.#open(this.#simulator.privateRange(this.#namespace, collection, startKey, endKey));
    }
    const page = readPage(request.getMetadata_asU8());
    const scan = this.#simulator.range(this.#namespace, page?.bookmark ?? startKey, endKey, page?.size);
    return page === undefined ? this.#open(scan) : this.#page(scan, endKey, page.size);
  }

  /** One page at once: its results and, as bookmark, the key that the next page begins with. */
  async #page(scan: AsyncIterable<KeyedEntry>, endKey: string, size: number): Promise<Uint8Array> {
    const found: KeyedEntry[] = [];
    for await (const item of scan) found.push(item);
    const metadata = new peer.QueryResponseMetadata();
    metadata.setFetchedRecordsCount(found.length);
    const last = found.at(-1);
    if (last !== undefined && found.length === size) {
      metadata.setBookmark((await this.#keyAfter(last.key, endKey)) ?? '');
    }
    const results = found.map((item) => this.#encodeKv(item));
    return this.#queries.answerPage(results, metadata.serializeBinary());
  }

  async #keyAfter(key: string, endKey: string): Promise<string | undefined> {
    for await (const next of this.#simulator.peek(this.#namespace, `${key}\0`, endKey)) return next.key;
    return undefined;
  }

  #historyQuery(bytes: Uint8Array): Promise<Uint8Array> {
    const { key } = peer.GetHistoryForKey.deserializeBinary(bytes).toObject();
    return this.#queries.open(mapAsync(this.#simulator.history(this.#namespace, key), encodeModification));
  }

  /** Refused as by a peer whose state is in LevelDB (statedb/stateleveldb/stateleveldb.go). */
  #richQuery(bytes: Uint8Array): never {
    const request = peer.GetQueryResult.deserializeBinary(bytes);
    const collection = request.getCollection();
    if (collection !== '') this.#access.checkRead(this.#namespace, collection);
    const paged = collection === '' && readPage(request.getMetadata_asU8()) !== undefined;
    return refuse(`${paged ? 'ExecuteQueryWithMetadata' : 'ExecuteQuery'} not supported for leveldb`);
  }

  #open(scan: AsyncIterable<KeyedEntry>): Promise<Uint8Array> {
    return this.#queries.open(mapAsync(scan, (found) => this.#encodeKv(found)));
  }

  async #invoke(bytes: Uint8Array): Promise<Uint8Array> {
    const spec = peer.ChaincodeSpec.deserializeBinary(bytes);
    const target = spec.getChaincodeId()?.getName() ?? '';
    return this.#invokeOther(target, spec.getInput()?.serializeBinary() ?? nothing);
  }

  #encodeKv({ key, entry }: KeyedEntry): Uint8Array {
    const kv = new ledger.queryresult.KV();
    kv.setNamespace(this.#namespace);
    kv.setKey(key);
    kv.setValue(entry.value);
    return kv.serializeBinary();
  }
}

function refuse(why: string): never {
  throw new Error(why);
}

function readPage(bytes: Uint8Array): { size: number; bookmark: string | undefined } | undefined {
  if (bytes.length === 0) return undefined;
  const { pagesize, bookmark } = peer.QueryMetadata.deserializeBinary(bytes).toObject();
  if (pagesize === 0 && bookmark === '') return undefined;
  return { size: pagesize === 0 ? Infinity : pagesize, bookmark: bookmark === '' ? undefined : bookmark };
}

async function* mapAsync<Item>(
  items: AsyncIterable<Item>,
  encode: (item: Item) => Uint8Array,
): AsyncGenerator<Uint8Array> {
  for await (const item of items) yield encode(item);
}

function encodeModification(item: HistoryItem): Uint8Array {
  const modification = new ledger.queryresult.KeyModification();
  modification.setTxId(item.txId);
  modification.setValue(item.value);
  modification.setIsDelete(item.isDelete);
  const timestamp = new Timestamp();
  timestamp.setSeconds(item.timestamp.seconds);
  timestamp.setNanos(item.timestamp.nanos);
  modification.setTimestamp(timestamp); // The Node shim reads it without asking whether it is there.
  return modification.serializeBinary();
}
