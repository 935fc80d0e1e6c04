import { type ClientDuplexStream } from '@grpc/grpc-js';
import { peer } from '@hyperledger/fabric-protos';
import { ChaincodeError } from './chaincode-error.js';
import { type ChaincodeCall, type ChaincodeOutcome, type ChaincodeTarget, type ShimRequests } from './shim-stream.js';

type Message = peer.ChaincodeMessage;
const { Type } = peer.ChaincodeMessage;

interface Running {
  readonly requests: ShimRequests;
  readonly resolve: (outcome: ChaincodeOutcome) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** One connection to one process of a chaincode's server; it is used until it ends, and never again. */
export class ShimConnection {
  readonly #target: ChaincodeTarget;
  readonly #onBroken: () => void;
  readonly #running = new Map<string, Running>();
  readonly #client: peer.ChaincodeClient;
  #stream: ClientDuplexStream<Message, Message> | undefined;
  #opening: Promise<void> | undefined;
  #state: 'opening' | 'registered' | 'retiring' | 'ended' = 'opening';

  /** @param onBroken told once that the chaincode, which had registered, is gone without anybody having closed this. */
  constructor(target: ChaincodeTarget, onBroken: () => void) {
    this.#target = target;
    this.#onBroken = onBroken;
    this.#client = new peer.ChaincodeClient(target.address, target.credentials, target.options ?? {});
  }

  /** Whether new calls may go this way. */
  get usable(): boolean {
    return this.#state === 'opening' || this.#state === 'registered';
  }

  /** Resolves when the chaincode has registered and may be called. @throws ChaincodeError UNREACHABLE */
  ready(): Promise<void> {
    this.#opening ??= this.#connect().then(() => this.#register());
    return this.#opening;
  }

  /** After {@link ready}. @throws ChaincodeError DUPLICATE, TERMINATED, TIMEOUT */
  execute(call: ChaincodeCall): Promise<ChaincodeOutcome> {
    const id = `${call.channelId} ${call.txId}`;
    return new Promise<ChaincodeOutcome>((resolve, reject) => {
      if (this.#state === 'ended') throw new ChaincodeError('TERMINATED', terminated);
      if (this.#running.has(id)) throw new ChaincodeError('DUPLICATE', `txid: ${call.txId}(${call.channelId}) exists`);
      const timer = setTimeout(() => {
        this.#forget(id);
        reject(new ChaincodeError('TIMEOUT', 'timeout expired while executing transaction'));
      }, this.#target.executeTimeoutMs);
      this.#running.set(id, { requests: call.requests, resolve, reject, timer });
      this.#send(Type.TRANSACTION, call, call.input, call.signedProposal);
    });
  }

  /** Ends as soon as no call is under way, if the chaincode has registered; one that still has to do so is left. */
  retire(): void {
    if (this.#state !== 'registered') return;
    this.#state = 'retiring';
    this.#closeIfDone();
  }

  /** Ends the connection; calls under way fail. */
  close(): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#stream?.end();
    this.#client.close();
    for (const { reject, timer } of this.#running.values()) {
      clearTimeout(timer);
      reject(new ChaincodeError('TERMINATED', terminated));
    }
    this.#running.clear();
  }

  #connect(): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.#client.waitForReady(Date.now() + connectTimeoutMs, (error) => {
        if (error === undefined) resolve();
        else {
          this.#break(); // Or the client would try to connect for ever.
          reject(unreachable(this.#target, 'context deadline exceeded', error));
        }
      });
    });
  }

  #register(): Promise<void> {
    if (this.#state === 'ended') throw unreachable(this.#target, 'stream ended before REGISTER');
    const stream = this.#client.connect();
    this.#stream = stream;
    return new Promise<void>((resolve, reject) => {
      const failed = (cause?: Error) => {
        reject(unreachable(this.#target, 'stream ended before REGISTER', cause));
        this.#break();
      };
      stream.on('error', failed);
      stream.on('end', failed);
      stream.on('data', (message: Message) => {
        if (message.getType() === Type.REGISTER) {
          stream.write(plain(Type.REGISTERED));
          stream.write(ready(this.#target.runtimeParams));
          this.#state = 'registered';
          resolve();
        } else this.#receive(message);
      });
    });
  }

  #break(): void {
    if (this.#state === 'registered') this.#onBroken(); // Before its calls fail and somebody asks another peer.
    this.close();
  }

  #forget(id: string): void {
    this.#running.delete(id);
    this.#closeIfDone();
  }

  #closeIfDone(): void {
    if (this.#state === 'retiring' && this.#running.size === 0) this.close();
  }

  #receive(message: Message): void {
    const id = `${message.getChannelId()} ${message.getTxid()}`;
    const running = this.#running.get(id);
    if (running === undefined) return; // An answer that came after its call timed out.
    const type = message.getType();
    if (type === Type.COMPLETED || type === Type.ERROR) {
      clearTimeout(running.timer);
      this.#finish(running, message);
      this.#forget(id);
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
}

const terminated = 'chaincode stream terminated';
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
