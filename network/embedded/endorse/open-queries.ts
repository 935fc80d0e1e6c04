import { peer } from '@hyperledger/fabric-protos';

/** Results that travel in one message of a query. Source: core/chaincode/query_response_generator.go. */
const queryBatchMax = 100;
/** Queries one transaction may keep open. */
const openQueriesMax = 1_000;

interface OpenQuery {
  readonly results: AsyncIterator<Uint8Array>;
  /** One result is fetched ahead, to know whether there are more. */
  ahead: IteratorResult<Uint8Array>;
}

/** The queries that one call of a chaincode has open: their results go out in messages of at most 100. */
export class OpenQueries {
  readonly #txId: string;
  readonly #queries = new Map<string, OpenQuery>();
  #count = 0;

  constructor(txId: string) {
    this.#txId = txId;
  }

  /** Bytes of a `QueryResponse` with the first results. @throws Error where too many are open */
  async open(results: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
    if (this.#queries.size >= openQueriesMax) throw new Error('too many open queries');
    const iterator = results[Symbol.asyncIterator]();
    const id = this.#newId();
    this.#queries.set(id, { results: iterator, ahead: await iterator.next() });
    return this.next(id);
  }

  /** Bytes of a `QueryResponse` that is whole. @param metadata bytes of `QueryResponseMetadata` */
  answerPage(results: readonly Uint8Array[], metadata: Uint8Array): Uint8Array {
    return encodeResponse(results, false, this.#newId(), metadata);
  }

  /** The next results of an open query. @throws Error where it is not open */
  async next(id: string): Promise<Uint8Array> {
    const query = this.#queries.get(id);
    if (query === undefined) throw new Error('query iterator not found');
    const batch: Uint8Array[] = [];
    while (query.ahead.done !== true && batch.length < queryBatchMax) {
      batch.push(query.ahead.value);
      query.ahead = await query.results.next();
    }
    const more = query.ahead.done !== true;
    if (!more) this.#queries.delete(id);
    return encodeResponse(batch, more, id);
  }

  /** Ends a query; one that is not open is ended already. */
  async close(id: string): Promise<Uint8Array> {
    await this.#queries.get(id)?.results.return?.();
    this.#queries.delete(id);
    return encodeResponse([], false, id);
  }

  #newId(): string {
    this.#count += 1;
    return `${this.#txId}-${this.#count}`;
  }
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
