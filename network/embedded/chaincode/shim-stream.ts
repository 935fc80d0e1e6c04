import { setTimeout as sleep } from 'node:timers/promises';
import { type ChannelCredentials, type ChannelOptions, type ClientDuplexStream } from '@grpc/grpc-js';
import { peer } from '@hyperledger/fabric-protos';
import { type NetworkPlan } from '../../plan/plan.js';
import { ChaincodeError } from './chaincode-error.js';

type Message = peer.ChaincodeMessage;
const { Type } = peer.ChaincodeMessage;

/** What a chaincode may ask of its peer while one transaction runs. */
export interface ShimRequests {
  /**
   * @param type a `ChaincodeMessage.Type`. @param payload that message's bytes. @returns payload of the RESPONSE.
   * @throws any error; its text goes back to the chaincode as an ERROR message.
   */
  answer(type: number, payload: Uint8Array): Promise<Uint8Array>;
}

/** One call of a chaincode. */
export interface ChaincodeCall {
  readonly channelId: string;
  readonly txId: string;
  /** Serialized `ChaincodeInput`. */
  readonly input: Uint8Array;
  /** The shim takes creator, transient map, timestamp and binding from it. */
  readonly signedProposal: peer.SignedProposal;
  readonly requests: ShimRequests;
}

/** What a chaincode answered. An error thrown by a contract is a `response` with status 500. */
export interface ChaincodeOutcome {
  readonly response: { readonly status: number; readonly message: string; readonly payload: Uint8Array };
  readonly event?: { readonly name: string; readonly payload: Uint8Array };
}

/** Where a chaincode server listens and how to speak to it. */
export interface ChaincodeTarget {
  readonly name: string;
  /** `host:port`. */
  readonly address: string;
  readonly credentials: ChannelCredentials;
  readonly options?: ChannelOptions;
  /** How long one call may take, milliseconds. */
  readonly executeTimeoutMs: number;
  /** Which messages of several keys the chaincode may send; without it, none. */
  readonly runtimeParams?: NetworkPlan['runtimeParams'];
  /** Asked before each call: counts the server's wanted restarts, after which a stream of before is no longer good. */
  readonly generation?: () => Promise<number>;
}

interface Running {
  readonly requests: ShimRequests;
  readonly resolve: (outcome: ChaincodeOutcome) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * The peer's end of one stream to a chaincode server (chaincode as a service): one stream for each peer and chaincode,
 * because the Node shim keeps transactions apart by channel and transaction id alone. A stream that broke is opened
 * anew by the next call; calls under way on it fail.
 * Source: Fabric core/chaincode/handler.go; peer.Chaincode/Connect in chaincode_shim.proto.
 */
export class ShimStream {
  readonly #target: ChaincodeTarget;
  readonly #running = new Map<string, Running>();
  #opening: Promise<void> | undefined;
  #stream: ClientDuplexStream<Message, Message> | undefined;
  #client: peer.ChaincodeClient | undefined;
  #generation = 0;
  #calls = 0;

  constructor(target: ChaincodeTarget) {
    this.#target = target;
  }

  /** @throws ChaincodeError UNREACHABLE, DUPLICATE, TERMINATED, TIMEOUT */
  async execute(call: ChaincodeCall): Promise<ChaincodeOutcome> {
    this.#calls += 1; // At once: a stream is not idle while a call waits for it.
    try {
      return await this.#execute(call);
    } finally {
      this.#calls -= 1;
    }
  }

  async #execute(call: ChaincodeCall): Promise<ChaincodeOutcome> {
    await this.#followServer();
    await this.ready();
    const id = `${call.channelId} ${call.txId}`;
    if (this.#running.has(id)) throw new ChaincodeError('DUPLICATE', `txid: ${call.txId}(${call.channelId}) exists`);
    return new Promise<ChaincodeOutcome>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#running.delete(id);
        reject(new ChaincodeError('TIMEOUT', 'timeout expired while executing transaction'));
      }, this.#target.executeTimeoutMs);
      this.#running.set(id, { requests: call.requests, resolve, reject, timer });
      this.#send(Type.TRANSACTION, call, call.input, call.signedProposal);
    });
  }

  /** Resolves when the chaincode has registered and may be called. @throws ChaincodeError UNREACHABLE */
  async ready(): Promise<void> {
    this.#opening ??= this.#open().catch((cause: unknown) => {
      this.#opening = undefined;
      throw cause;
    });
    return this.#opening;
  }

  /** Ends the stream as soon as no call is under way on it; a call takes no longer than its own time limit. */
  async retire(): Promise<void> {
    do await sleep(retirePauseMs);
    while (this.#calls > 0);
    this.close();
  }

  /** Ends the stream; calls under way fail. */
  close(): void {
    this.#stream?.end();
    this.#drop('chaincode stream terminated');
  }

  async #followServer(): Promise<void> {
    const generation = (await this.#target.generation?.()) ?? 0;
    if (generation === this.#generation) return;
    this.#generation = generation;
    this.#drop('chaincode stream terminated');
  }

  async #open(): Promise<void> {
    const { address, credentials, options = {} } = this.#target;
    const client = new peer.ChaincodeClient(address, credentials, options);
    this.#client = client;
    await new Promise<void>((resolve, reject) => {
      client.waitForReady(Date.now() + connectTimeoutMs, (error) => {
        if (error === undefined) resolve();
        else {
          this.#drop('chaincode stream terminated'); // Or the client would try to connect for ever.
          reject(unreachable(this.#target, 'context deadline exceeded', error));
        }
      });
    });
    const stream = client.connect();
    this.#stream = stream;
    await new Promise<void>((resolve, reject) => {
      const failed = (cause?: Error) => {
        reject(unreachable(this.#target, 'stream ended before REGISTER', cause));
        if (this.#stream === stream) this.#drop('chaincode stream terminated'); // A later one is none of its business.
      };
      stream.on('error', failed);
      stream.on('end', failed);
      stream.on('data', (message: Message) => {
        if (message.getType() === Type.REGISTER) {
          stream.write(plain(Type.REGISTERED));
          stream.write(ready(this.#target.runtimeParams));
          resolve();
        } else this.#receive(message);
      });
    });
  }

  #receive(message: Message): void {
    const id = `${message.getChannelId()} ${message.getTxid()}`;
    const running = this.#running.get(id);
    if (running === undefined) return; // An answer that came after its call timed out.
    const type = message.getType();
    if (type === Type.COMPLETED || type === Type.ERROR) {
      this.#running.delete(id);
      clearTimeout(running.timer);
      this.#finish(running, message);
      return;
    }
    const about = { channelId: message.getChannelId(), txId: message.getTxid() };
    running.requests.answer(type, message.getPayload_asU8()).then(
      (payload) => {
        this.#send(Type.RESPONSE, about, payload);
      },
      (error: unknown) => {
        this.#send(Type.ERROR, about, Buffer.from(error instanceof Error ? error.message : 'unknown error'));
      },
    );
  }

  #finish(running: Running, message: Message): void {
    if (message.getType() === Type.ERROR) {
      const text = Buffer.from(message.getPayload_asU8()).toString();
      running.resolve({ response: { status: 500, message: text, payload: new Uint8Array() } });
      return;
    }
    try {
      running.resolve(readCompleted(message));
    } catch (cause) {
      running.reject(new ChaincodeError('TERMINATED', 'chaincode sent an unreadable response', { cause }));
    }
  }

  #send(
    type: number,
    about: { readonly channelId: string; readonly txId: string },
    payload: Uint8Array,
    proposal?: peer.SignedProposal,
  ): void {
    const message = plain(type);
    message.setPayload(payload);
    message.setTxid(about.txId);
    message.setChannelId(about.channelId);
    if (proposal !== undefined) message.setProposal(proposal);
    this.#stream?.write(message);
  }

  #drop(why: string): void {
    this.#client?.close();
    this.#client = undefined;
    this.#stream = undefined;
    this.#opening = undefined;
    for (const { reject, timer } of this.#running.values()) {
      clearTimeout(timer);
      reject(new ChaincodeError('TERMINATED', why));
    }
    this.#running.clear();
  }
}

/** Pause between two looks whether a retired stream is idle, milliseconds. */
const retirePauseMs = 50;
/** How long a peer waits for a chaincode server to accept a connection, milliseconds. */
const connectTimeoutMs = 3_000;

function unreachable(target: ChaincodeTarget, why: string, cause?: Error): ChaincodeError {
  const text =
    `could not launch chaincode ${target.name}: connection to ${target.name} failed: error cannot create connection ` +
    `for ${target.name}: error creating grpc connection to ${target.address}: ${why}`;
  return new ChaincodeError('UNREACHABLE', text, { cause });
}

/** Tells the chaincode what it may send. Source: Fabric core/chaincode/handler.go, sendReady. */
function ready(params: ChaincodeTarget['runtimeParams']): Message {
  const message = plain(Type.READY);
  if (params === undefined) return message;
  const announced = new peer.ChaincodeAdditionalParams();
  announced.setUseWriteBatch(params.useWriteBatch);
  announced.setMaxSizeWriteBatch(params.maxSizeWriteBatch);
  announced.setUseGetMultipleKeys(params.useGetMultipleKeys);
  announced.setMaxSizeGetMultipleKeys(params.maxSizeGetMultipleKeys);
  message.setPayload(announced.serializeBinary());
  return message;
}

function plain(type: number): Message {
  const message = new peer.ChaincodeMessage();
  message.setType(type as Parameters<Message['setType']>[0]);
  return message;
}

function readCompleted(message: Message): ChaincodeOutcome {
  const response = peer.Response.deserializeBinary(message.getPayload_asU8());
  const event = message.getChaincodeEvent();
  return {
    response: {
      status: response.getStatus(),
      message: response.getMessage(),
      payload: response.getPayload_asU8(),
    },
    ...(event === undefined ? {} : { event: { name: event.getEventName(), payload: event.getPayload_asU8() } }),
  };
}
