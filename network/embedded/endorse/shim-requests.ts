import { ledger, peer } from '@hyperledger/fabric-protos';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb.js';
import { type ShimRequests } from '../chaincode/shim-stream.js';
import { type KeyedEntry } from '../commit/state-view.js';
import { type Simulator } from './simulator.js';
import { type HistoryItem } from '../ledger/state-snapshot.js';

const { Type } = peer.ChaincodeMessage;
const nothing = new Uint8Array();

/** Results that travel in one message of a query. Source: core/chaincode/query_response_generator.go. */
const queryBatchMax = 100;
/** Queries one transaction may keep open. */
const openQueriesMax = 1_000;

/** Calls another chaincode for the one that runs: same transaction, another namespace. */
export type InvokeOther = (target: string, input: Uint8Array) => Promise<Uint8Array>;

interface OpenQuery {
  readonly results: AsyncIterator<Uint8Array>;
  /** One result is fetched ahead, to know whether there are more. */
  ahead: IteratorResult<Uint8Array>;
}

/** What one namespace of one transaction is answered: the peer's side of the shim protocol. */
export class SimulatedRequests implements ShimRequests {
  readonly #simulator: Simulator;
  readonly #namespace: string;
  readonly #txId: string;
  readonly #invokeOther: InvokeOther;
  readonly #queries = new Map<string, OpenQuery>();
  #queryCount = 0;

  constructor(simulator: Simulator, namespace: string, txId: string, invokeOther: InvokeOther) {
    this.#simulator = simulator;
    this.#namespace = namespace;
    this.#txId = txId;
    this.#invokeOther = invokeOther;
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
      [Type.PUT_STATE]: (bytes) => this.#putState(bytes),
      [Type.DEL_STATE]: (bytes) => this.#deleteState(bytes),
      [Type.GET_STATE_METADATA]: (bytes) => this.#getMetadata(bytes),
      [Type.PUT_STATE_METADATA]: (bytes) => this.#putMetadata(bytes),
      [Type.GET_STATE_BY_RANGE]: (bytes) => this.#rangeQuery(bytes),
      [Type.GET_HISTORY_FOR_KEY]: (bytes) => this.#historyQuery(bytes),
      [Type.GET_QUERY_RESULT]: () => refuse('ExecuteQuery not supported for leveldb'),
      [Type.QUERY_STATE_NEXT]: (bytes) => this.#next(peer.QueryStateNext.deserializeBinary(bytes).getId()),
      [Type.QUERY_STATE_CLOSE]: (bytes) => this.#closeQuery(peer.QueryStateClose.deserializeBinary(bytes).getId()),
      [Type.INVOKE_CHAINCODE]: (bytes) => this.#invoke(bytes),
    };
    const handler = handlers[type];
    if (handler === undefined) return refuse('this network does not answer that message');
    return handler(payload);
  }

  #getState(bytes: Uint8Array): Uint8Array {
    const request = peer.GetState.deserializeBinary(bytes);
    refuseCollection(request.getCollection());
    return this.#simulator.get(this.#namespace, request.getKey())?.value ?? nothing;
  }

  #putState(bytes: Uint8Array): Uint8Array {
    const request = peer.PutState.deserializeBinary(bytes);
    refuseCollection(request.getCollection());
    this.#simulator.put(this.#namespace, request.getKey(), request.getValue_asU8());
    return nothing;
  }

  #deleteState(bytes: Uint8Array): Uint8Array {
    const request = peer.DelState.deserializeBinary(bytes);
    refuseCollection(request.getCollection());
    this.#simulator.put(this.#namespace, request.getKey(), nothing);
    return nothing;
  }

  #getMetadata(bytes: Uint8Array): Uint8Array {
    const request = peer.GetStateMetadata.deserializeBinary(bytes);
    refuseCollection(request.getCollection());
    const result = new peer.StateMetadataResult();
    for (const [name, value] of this.#simulator.get(this.#namespace, request.getKey())?.metadata ?? []) {
      const entry = new peer.StateMetadata();
      entry.setMetakey(name);
      entry.setValue(value);
      result.addEntries(entry);
    }
    return result.serializeBinary();
  }

  #putMetadata(bytes: Uint8Array): Uint8Array {
    const request = peer.PutStateMetadata.deserializeBinary(bytes);
    refuseCollection(request.getCollection());
    const entry = request.getMetadata();
    if (entry === undefined) return refuse('metadata is missing');
    this.#simulator.putMetadata(this.#namespace, request.getKey(), entry.getMetakey(), entry.getValue_asU8());
    return nothing;
  }

  async #rangeQuery(bytes: Uint8Array): Promise<Uint8Array> {
    const request = peer.GetStateByRange.deserializeBinary(bytes);
    refuseCollection(request.getCollection());
    const page = readPage(request.getMetadata_asU8());
    const startKey = page?.bookmark === undefined ? request.getStartkey() : page.bookmark;
    const scan = this.#simulator.range(this.#namespace, startKey, request.getEndkey(), page?.size);
    if (page === undefined) return this.#open(mapAsync(scan, (found) => this.#encodeKv(found)));
    return this.#page(scan, request.getEndkey(), page.size);
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
    return encodeResponse(
      found.map((item) => this.#encodeKv(item)),
      false,
      this.#newQueryId(),
      metadata.serializeBinary(),
    );
  }

  async #keyAfter(key: string, endKey: string): Promise<string | undefined> {
    for await (const next of this.#simulator.peek(this.#namespace, `${key}\0`, endKey)) return next.key;
    return undefined;
  }

  #historyQuery(bytes: Uint8Array): Promise<Uint8Array> {
    const { key } = peer.GetHistoryForKey.deserializeBinary(bytes).toObject();
    return this.#open(mapAsync(this.#simulator.history(this.#namespace, key), encodeModification));
  }

  async #open(results: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
    if (this.#queries.size >= openQueriesMax) return refuse('too many open queries');
    const iterator = results[Symbol.asyncIterator]();
    const id = this.#newQueryId();
    this.#queries.set(id, { results: iterator, ahead: await iterator.next() });
    return this.#next(id);
  }

  async #next(id: string): Promise<Uint8Array> {
    const query = this.#queries.get(id);
    if (query === undefined) return refuse('query iterator not found');
    const batch: Uint8Array[] = [];
    while (query.ahead.done !== true && batch.length < queryBatchMax) {
      batch.push(query.ahead.value);
      query.ahead = await query.results.next();
    }
    const more = query.ahead.done !== true;
    if (!more) this.#queries.delete(id);
    return encodeResponse(batch, more, id);
  }

  async #closeQuery(id: string): Promise<Uint8Array> {
    await this.#queries.get(id)?.results.return?.();
    this.#queries.delete(id);
    return encodeResponse([], false, id);
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

  #newQueryId(): string {
    this.#queryCount += 1;
    return `${this.#txId}-${this.#queryCount}`;
  }
}

function refuse(why: string): never {
  throw new Error(why);
}

function refuseCollection(collection: string): void {
  if (collection !== '') refuse(`collection ${collection} is not defined for this chaincode`);
}

function readPage(bytes: Uint8Array): { size: number; bookmark: string | undefined } | undefined {
  if (bytes.length === 0) return undefined;
  const { pagesize, bookmark } = peer.QueryMetadata.deserializeBinary(bytes).toObject();
  return { size: pagesize, bookmark: bookmark === '' ? undefined : bookmark };
}

async function* mapAsync<Item>(
  items: AsyncIterable<Item>,
  encode: (item: Item) => Uint8Array,
): AsyncGenerator<Uint8Array> {
  for await (const item of items) yield encode(item);
}

function encodeResponse(results: readonly Uint8Array[], more: boolean, id: string, metadata?: Uint8Array): Uint8Array {
  const response = new peer.QueryResponse();
  response.setHasMore(more);
  response.setId(id);
  for (const bytes of results) {
    const item = new peer.QueryResultBytes();
    item.setResultbytes(bytes);
    response.addResults(item);
  }
  if (metadata !== undefined) response.setMetadata(metadata);
  return response.serializeBinary();
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
