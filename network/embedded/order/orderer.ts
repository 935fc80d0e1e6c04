import { type ChannelConfig } from '../config/channel-config.js';
import { type Signer } from '../msp/signer.js';
import { type Block, blockHash, type BlockHeader, dataHash } from '../wire/block.js';
import { encodeSignatureHeader } from '../wire/envelope.js';
import { encodeLastConfig, encodeOrdererMetadata, encodeOrdererValue, ordererSignedBytes } from '../wire/metadata.js';
import { BatchCutter } from './batch-cutter.js';
import { BroadcastRefusal } from './broadcast-refusal.js';
import { checkBroadcast } from './check-broadcast.js';
import { createNonce } from '../wire/nonce.js';

/** Envelopes that may wait to be ordered; above it the orderer asks its clients to come back. */
const queuedMax = 10_000;

/** The last block, on which the next one builds. */
export interface ChainTip extends BlockHeader {
  /** Number of the newest configuration block. */
  readonly lastConfig: bigint;
}

/** What the orderer works with. */
export interface OrdererContext {
  readonly signer: Signer;
  readonly channel: () => ChannelConfig;
  readonly tip: ChainTip;
  /** Hands a block to every peer; resolves when all that run have it on their disks. */
  readonly deliver: (block: Block) => Promise<void>;
  readonly nowMs: () => number;
  /** Called once when delivering failed: then nothing may be ordered any more. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * The one orderer. It keeps nothing: the peers' block files are the chain, and after a restart the longest one says
 * where it ended. A batch is cut by count, by size, and by time; with a batch timeout of zero, as soon as the peers
 * have committed the block before (group commit: the busier the network, the larger its blocks).
 */
export class Orderer {
  readonly #context: OrdererContext;
  readonly #cutter = new BatchCutter();
  readonly #ready: Uint8Array[][] = [];
  #tip: ChainTip;
  #queued = 0;
  #delivering = false;
  #timer: NodeJS.Timeout | undefined;
  #stopped: string | undefined;
  #idle: (() => void) | undefined;

  constructor(context: OrdererContext) {
    this.#context = context;
    this.#tip = context.tip;
  }

  /** Accepts an envelope for ordering; returning says nothing about its being valid. @throws BroadcastRefusal */
  broadcast(envelope: Uint8Array): void {
    if (this.#stopped !== undefined) throw new BroadcastRefusal('SERVICE_UNAVAILABLE', this.#stopped);
    if (this.#queued >= queuedMax)
      throw new BroadcastRefusal('SERVICE_UNAVAILABLE', 'too many messages wait to be ordered');
    const channel = this.#context.channel();
    checkBroadcast(envelope, channel, this.#context.nowMs());
    this.#queued += 1;
    this.#ready.push(...this.#cutter.add(envelope, channel.batch));
    this.#schedule(channel.batch.timeoutMs);
  }

  /** Refuses what comes from now on and waits until everything accepted is delivered. */
  async close(): Promise<void> {
    this.#stopped ??= 'the orderer is shutting down';
    clearTimeout(this.#timer);
    this.#pump();
    if (this.#delivering) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
  }

  #schedule(timeoutMs: number): void {
    if (this.#ready.length > 0) this.#pump();
    else if (timeoutMs === 0)
      setImmediate(() => {
        this.#pump();
      });
    else {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#ready.push(this.#cutter.cut());
        this.#pump();
      }, timeoutMs);
    }
  }

  #pump(): void {
    if (this.#delivering) return;
    this.#delivering = true;
    this.#deliverAll()
      .catch((error: unknown) => {
        this.#stopped = 'a block could not be delivered';
        this.#context.onFailure(error);
      })
      .finally(() => {
        this.#delivering = false;
        this.#idle?.();
      });
  }

  async #deliverAll(): Promise<void> {
    for (let batch = this.#nextBatch(); batch.length > 0; batch = this.#nextBatch()) {
      const block = this.#createBlock(batch);
      await this.#context.deliver(block);
      this.#tip = { ...block, lastConfig: this.#tip.lastConfig };
      this.#queued -= batch.length;
    }
  }

  #nextBatch(): Uint8Array[] {
    const full = this.#ready.shift();
    if (full !== undefined) return full;
    const groupCommit = this.#context.channel().batch.timeoutMs === 0 || this.#stopped !== undefined;
    return groupCommit ? this.#cutter.cut() : [];
  }

  #createBlock(envelopes: readonly Uint8Array[]): Block {
    const header = {
      number: this.#tip.number + 1n,
      previousHash: blockHash(this.#tip),
      dataHash: dataHash(envelopes),
    };
    const { signer } = this.#context;
    const value = encodeOrdererValue(this.#tip.lastConfig, new Uint8Array());
    const signatureHeader = encodeSignatureHeader({ creator: signer.identityBytes, nonce: createNonce() });
    const signature = signer.sign(ordererSignedBytes(value, signatureHeader, header));
    const none = new Uint8Array();
    const metadata = [
      encodeOrdererMetadata(value, [{ signatureHeader, signature }]),
      encodeLastConfig(this.#tip.lastConfig),
      none,
      none,
      none,
    ];
    return { ...header, envelopes, metadata };
  }
}
