import 'fabric-shim'; // Before fabric-protos: of two copies in one process only the first one's messages can be sent.
import { peer } from '@hyperledger/fabric-protos';

const { Type } = peer.ChaincodeMessage;
/** Of `ChaincodeMessage.Type` (chaincode_shim.proto), typed here because fabric-shim's older copy does not have them. */
const WRITE_BATCH_STATE = 24;
const GET_STATE_MULTIPLE = 25;

/** What a peer said, when the stream began, that it may be asked; 0 where it knows the message not at all. */
export interface BatchLimits {
  /** Writes in one message. */
  readonly writesMax: number;
  /** Keys asked for in one message. */
  readonly keysMax: number;
}

/** What fabric-shim's messages are, as far as this file has to do with them. They are of its own copy of the classes. */
export interface ShimMessage {
  getType(): number;
  setType(type: number): void;
  getPayload_asU8(): Uint8Array;
  setPayload(payload: Uint8Array): void;
}

/** The part of fabric-shim's handler of a stream (lib/handler.js) through which every request to the peer goes. */
export interface ShimHandler {
  _askPeerAndListen(message: ShimMessage, method: string): Promise<unknown>;
}

/** Requests that neither see nor forbid the transaction's own writes, so that those may wait. */
const readTypes: ReadonlySet<number> = new Set([
  Type.GET_STATE,
  Type.GET_STATE_METADATA,
  Type.GET_PRIVATE_DATA_HASH,
  Type.GET_HISTORY_FOR_KEY,
  Type.QUERY_STATE_NEXT,
  Type.QUERY_STATE_CLOSE,
]);
const nothing = Buffer.alloc(0);

interface AskedKey {
  readonly message: ShimMessage;
  readonly key: string;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * One transaction's requests to a peer that takes several keys in one message (Fabric 3.1): writes wait until the
 * transaction ends or asks something that they bear on, reads that are asked at once go together. fabric-shim 2.5.8
 * knows neither. A write that is refused is told when it is sent, and not to the call that made it.
 */
export class BatchedRequests {
  readonly #handler: ShimHandler;
  readonly #limits: BatchLimits;
  #writes: { readonly message: ShimMessage; readonly record: peer.WriteRecord }[] = [];
  #asked: AskedKey[] = [];

  constructor(handler: ShimHandler, limits: BatchLimits) {
    this.#handler = handler;
    this.#limits = limits;
  }

  /** The handler that the transaction's stub is to use. */
  handler(): ShimHandler {
    const ask = (message: ShimMessage, method: string): Promise<unknown> => this.#ask(message, method);
    return Object.assign(Object.create(this.#handler) as ShimHandler, { _askPeerAndListen: ask });
  }

  /** Sends the writes that wait. @throws Error with the peer's text where it refuses one */
  async flush(): Promise<void> {
    const { writesMax } = this.#limits;
    while (this.#writes.length > 0) {
      const [first, ...more] = this.#writes.splice(0, writesMax);
      if (first === undefined) return;
      const batch = new peer.WriteBatchState();
      batch.setRecList([first, ...more].map(({ record }) => record));
      await this.#send(first.message, WRITE_BATCH_STATE, batch.serializeBinary());
    }
  }

  async #ask(message: ShimMessage, method: string): Promise<unknown> {
    const type = message.getType();
    const record = this.#limits.writesMax > 0 ? readWrite(type, message.getPayload_asU8()) : undefined;
    if (record !== undefined) {
      this.#writes.push({ message, record });
      return nothing;
    }
    if (type === Type.GET_STATE && this.#limits.keysMax > 0) {
      const request = peer.GetState.deserializeBinary(message.getPayload_asU8());
      // Of several private keys at once Fabric 3.1 does not say which it should hold and does not: those go singly.
      if (request.getCollection() === '') return this.#askTogether(message, request.getKey());
    }
    if (!readTypes.has(type)) await this.flush();
    return this.#handler._askPeerAndListen(message, method);
  }

  /** Waits for what else is asked in the same turn of the loop. */
  #askTogether(message: ShimMessage, key: string): Promise<unknown> {
    if (this.#asked.length === 0) queueMicrotask(() => void this.#sendAsked());
    return new Promise((resolve, reject) => this.#asked.push({ message, key, resolve, reject }));
  }

  async #sendAsked(): Promise<void> {
    const asked = this.#asked;
    this.#asked = [];
    const { keysMax } = this.#limits;
    for (let at = 0; at < asked.length; at += keysMax) {
      const some = asked.slice(at, at + keysMax);
      try {
        const values = await this.#getStates(some);
        some.forEach(({ resolve }, index) => {
          resolve(Buffer.from(values[index] ?? nothing));
        });
      } catch (error) {
        some.forEach(({ reject }) => {
          reject(error);
        });
      }
    }
  }

  async #getStates(asked: readonly AskedKey[]): Promise<readonly Uint8Array[]> {
    const [first, ...more] = asked;
    if (first === undefined) return [];
    const { message, key } = first;
    if (more.length === 0) return [(await this.#handler._askPeerAndListen(message, 'GetState')) as Uint8Array];
    const request = new peer.GetStateMultiple();
    request.setKeysList([key, ...more.map((each) => each.key)]);
    const answer = await this.#send(message, GET_STATE_MULTIPLE, request.serializeBinary());
    return peer.GetStateMultipleResult.deserializeBinary(answer).getValuesList_asU8();
  }

  /** @param message one of the shim's own, of the transaction, which is changed into what is to be sent. */
  async #send(message: ShimMessage, type: number, payload: Uint8Array): Promise<Uint8Array> {
    message.setType(type);
    message.setPayload(payload);
    return (await this.#handler._askPeerAndListen(message, 'Batch')) as Uint8Array;
  }
}

/** The record that says in a batch what a write's own message says; `undefined` for a message that does not write. */
function readWrite(type: number, payload: Uint8Array): peer.WriteRecord | undefined {
  const record = new peer.WriteRecord();
  record.setType(type as Parameters<peer.WriteRecord['setType']>[0]); // The numbers are those of the messages.
  switch (type) {
    case Type.PUT_STATE: {
      const put = peer.PutState.deserializeBinary(payload);
      record.setValue(put.getValue_asU8());
      return about(record, put);
    }
    case Type.PUT_STATE_METADATA: {
      const put = peer.PutStateMetadata.deserializeBinary(payload);
      record.setMetadata(put.getMetadata());
      return about(record, put);
    }
    case Type.DEL_STATE:
    case Type.PURGE_PRIVATE_DATA:
      return about(record, peer.DelState.deserializeBinary(payload)); // Both have the same two fields.
    default:
      return undefined;
  }
}

function about(record: peer.WriteRecord, named: { getKey(): string; getCollection(): string }): peer.WriteRecord {
  record.setKey(named.getKey());
  record.setCollection(named.getCollection());
  return record;
}
