import { createHash } from 'node:crypto';
import { type ChaincodeStub } from 'fabric-shim';

/** One committed ledger: values, key-level policies, private values and nothing else. */
export class MemoryLedger {
  readonly values = new Map<string, Buffer>();
  readonly policies = new Map<string, Uint8Array>();
  /** Private values by collection and key, as the collection's members have them. */
  readonly privateValues = new Map<string, Buffer>();
}

/** What one invocation says about itself. */
export interface Invocation {
  readonly txId: string;
  readonly claimedMs: number;
  readonly mspId: string;
  /** PEM text of the caller's certificate. */
  readonly certificate: string;
  readonly args: readonly string[];
  /** What came with the proposal and stays out of the transaction. */
  readonly transient?: Readonly<Record<string, string>>;
}

/** The part of the stub that our contracts and contract-api's dispatcher call. */
export type StubSurface = Pick<
  ChaincodeStub,
  | 'getTxID'
  | 'getChannelID'
  | 'getCreator'
  | 'getDateTimestamp'
  | 'getFunctionAndParameters'
  | 'getState'
  | 'putState'
  | 'setStateValidationParameter'
  | 'getStateByPartialCompositeKey'
  | 'getStateByPartialCompositeKeyWithPagination'
  | 'createCompositeKey'
  | 'splitCompositeKey'
  | 'setEvent'
  | 'getTransient'
  | 'getPrivateData'
  | 'getPrivateDataHash'
  | 'putPrivateData'
  | 'purgePrivateData'
> & { getBufferArgs(): Buffer[] };

/**
 * A transaction's simulation over a {@link MemoryLedger}: as on a peer, reads see committed state only, never the
 * transaction's own writes, keys are ordered by their UTF-8 bytes, and a paged read forbids writes.
 */
export class MemoryStub implements StubSurface {
  readonly writes = new Map<string, Buffer>();
  readonly policyWrites = new Map<string, Uint8Array>();
  /** By collection and key; `undefined` is a purge. */
  readonly privateWrites = new Map<string, Buffer | undefined>();
  readonly events: { name: string; payload: string }[] = [];
  readonly #ledger: MemoryLedger;
  readonly #invocation: Invocation;
  #paged = false;

  constructor(ledger: MemoryLedger, invocation: Invocation) {
    this.#ledger = ledger;
    this.#invocation = invocation;
  }

  /** Makes the writes visible, as a peer does with a valid transaction. */
  commit(): void {
    for (const [key, value] of this.writes) this.#ledger.values.set(key, value);
    for (const [key, policy] of this.policyWrites) this.#ledger.policies.set(key, policy);
    for (const [key, value] of this.privateWrites) {
      if (value === undefined) this.#ledger.privateValues.delete(key);
      else this.#ledger.privateValues.set(key, value);
    }
  }

  getTxID = (): string => this.#invocation.txId;
  getChannelID = (): string => 'yinzheng';
  getDateTimestamp = (): Date => new Date(this.#invocation.claimedMs);
  getBufferArgs = (): Buffer[] => this.#invocation.args.map((arg) => Buffer.from(arg));

  getCreator() {
    return { mspid: this.#invocation.mspId, idBytes: Buffer.from(this.#invocation.certificate) };
  }

  getFunctionAndParameters() {
    const [fcn = '', ...params] = this.#invocation.args;
    return { fcn, params };
  }

  getState(key: string): Promise<Uint8Array> {
    return Promise.resolve(this.#ledger.values.get(key) ?? Buffer.alloc(0));
  }

  putState(key: string, value: Uint8Array): Promise<void> {
    if (this.#paged) return Promise.reject(new Error('write after a paged read'));
    this.writes.set(key, Buffer.from(value));
    return Promise.resolve();
  }

  setStateValidationParameter(key: string, policy: Uint8Array): Promise<void> {
    this.policyWrites.set(key, policy);
    return Promise.resolve();
  }

  getTransient = (): Map<string, Uint8Array> => {
    const entries = Object.entries(this.#invocation.transient ?? {});
    return new Map(entries.map(([name, text]) => [name, Buffer.from(text)]));
  };

  getPrivateData(collection: string, key: string): Promise<Uint8Array> {
    return Promise.resolve(this.#ledger.privateValues.get(`${collection} ${key}`) ?? Buffer.alloc(0));
  }

  /** What every peer knows of a private value, whoever holds it. */
  getPrivateDataHash(collection: string, key: string): Promise<Uint8Array> {
    const value = this.#ledger.privateValues.get(`${collection} ${key}`);
    return Promise.resolve(value === undefined ? Buffer.alloc(0) : createHash('sha256').update(value).digest());
  }

  putPrivateData(collection: string, key: string, value: Uint8Array): Promise<void> {
    this.privateWrites.set(`${collection} ${key}`, Buffer.from(value));
    return Promise.resolve();
  }

  purgePrivateData(collection: string, key: string): Promise<void> {
    this.privateWrites.set(`${collection} ${key}`, undefined);
    return Promise.resolve();
  }

  setEvent(name: string, payload: Uint8Array): void {
    this.events.push({ name, payload: Buffer.from(payload).toString() });
  }

  createCompositeKey(objectType: string, attributes: string[]): string {
    if ([objectType, ...attributes].some((part) => part === '')) throw new Error('an empty part of a composite key');
    return `\u0000${objectType}\u0000${attributes.map((attribute) => `${attribute}\u0000`).join('')}`;
  }

  splitCompositeKey(key: string) {
    const [objectType = '', ...attributes] = key.slice(1, -1).split('\u0000');
    return { objectType, attributes };
  }

  getStateByPartialCompositeKey(objectType: string, attributes: string[]) {
    return iterable(
      this.#under(objectType, attributes),
      { bookmark: '', fetchedRecordsCount: 0 },
      (page) => page.iterator,
    );
  }

  getStateByPartialCompositeKeyWithPagination(type: string, attributes: string[], pageSize: number, bookmark = '') {
    this.#paged = true;
    const all = this.#under(type, attributes).filter(({ key }) => bookmark === '' || inOrder(bookmark, key) <= 0);
    const page = all.slice(0, pageSize);
    const next = all[pageSize]?.key ?? '';
    // An empty page's metadata is zero bytes of protobuf, which fabric-shim 2.5.8 takes for none (lib/handler.js).
    const metadata = page.length === 0 ? undefined : { bookmark: next, fetchedRecordsCount: page.length };
    return iterable(page, metadata as Page['metadata'], (result) => result);
  }

  #under(objectType: string, attributes: string[]) {
    const prefix = this.createCompositeKey(objectType, attributes);
    return [...this.#ledger.values]
      .filter(([key]) => key.startsWith(prefix))
      .sort(([a], [b]) => inOrder(a, b))
      .map(([key, value]) => ({ namespace: 'yinzheng', key, value }));
  }
}

function inOrder(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

type Item = { namespace: string; key: string; value: Uint8Array };
type Iterator = { next(): Promise<{ value: Item; done: boolean }>; close(): Promise<void> };
type Page = { iterator: Iterator; metadata: { bookmark: string; fetchedRecordsCount: number } };

/** A promise that can also be iterated, the odd shape that fabric-shim's range reads have. */
function iterable<Result>(items: Item[], metadata: Page['metadata'], pick: (page: Page) => Result) {
  const rest = items.values();
  const iterator: Iterator = {
    next: () => {
      const { value, done } = rest.next();
      return Promise.resolve({ value: value as Item, done: done === true });
    },
    close: () => Promise.resolve(),
  };
  const result = Promise.resolve(pick({ iterator, metadata }));
  return Object.assign(result, {
    async *[Symbol.asyncIterator]() {
      await Promise.resolve();
      yield* items;
    },
  });
}
