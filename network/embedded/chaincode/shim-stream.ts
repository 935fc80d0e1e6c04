import { setTimeout as sleep } from 'node:timers/promises';
import { type ChannelCredentials, type ChannelOptions } from '@grpc/grpc-js';
import { type peer } from '@hyperledger/fabric-protos';
import { type NetworkPlan } from '../../plan/plan.js';
import { ShimConnection } from './shim-connection.js';

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
  /** What all streams to the server know of it together; without it the stream knows of its own connections only. */
  readonly life?: ServerLife;
}

/** A server's life, shared by the peers that call it: one of them notices first that its process is gone. */
export interface ServerLife {
  /** Asked before each call. A connection of an earlier generation leads to a process that is gone. */
  readonly generation: () => Promise<number>;
  /** Told that a connection of that generation broke. */
  readonly broke: (generation: number) => void;
}

/**
 * The peer's end of one stream to a chaincode server (chaincode as a service): one stream for each peer and chaincode,
 * because the Node shim keeps transactions apart by channel and transaction id alone. A stream that broke is opened
 * anew by the next call; calls under way on it fail.
 * Source: Fabric core/chaincode/handler.go; peer.Chaincode/Connect in chaincode_shim.proto.
 */
export class ShimStream {
  readonly #target: ChaincodeTarget;
  #connection: ShimConnection | undefined;
  #generation = 0;
  #calls = 0;

  constructor(target: ChaincodeTarget) {
    this.#target = target;
  }

  /** @throws ChaincodeError UNREACHABLE, DUPLICATE, TERMINATED, TIMEOUT */
  async execute(call: ChaincodeCall): Promise<ChaincodeOutcome> {
    this.#calls += 1; // At once: a stream is not idle while a call waits for it.
    try {
      await this.#followServer();
      const connection = this.#current();
      await connection.ready();
      return await connection.execute(call);
    } finally {
      this.#calls -= 1;
    }
  }

  /** Resolves when the chaincode has registered and may be called. @throws ChaincodeError UNREACHABLE */
  ready(): Promise<void> {
    return this.#current().ready();
  }

  /** Ends the stream as soon as no call is under way on it; a call takes no longer than its own time limit. */
  async retire(): Promise<void> {
    do await sleep(retirePauseMs);
    while (this.#calls > 0);
    this.close();
  }

  /** Ends the stream; calls under way fail. */
  close(): void {
    this.#connection?.close();
  }

  /** Where another peer noticed that the process is gone, the next call connects anew; those under way end by themselves. */
  async #followServer(): Promise<void> {
    const generation = (await this.#target.life?.generation()) ?? 0;
    if (generation === this.#generation) return;
    this.#generation = generation;
    this.#connection?.retire();
  }

  #current(): ShimConnection {
    if (this.#connection?.usable !== true) {
      const generation = this.#generation;
      this.#connection = new ShimConnection(this.#target, () => this.#target.life?.broke(generation));
    }
    return this.#connection;
  }
}

/** Pause between two looks whether a retired stream is idle, milliseconds. */
const retirePauseMs = 50;
