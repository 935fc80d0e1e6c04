import { common } from '@hyperledger/fabric-protos';
import { type ChannelConfig } from '../config/channel-config.js';
import { type Signer } from '../msp/signer.js';
import { type Block, blockHash, type BlockHeader, dataHash } from '../wire/block.js';
import { encodeSignatureHeader } from '../wire/envelope.js';
import { encodeLastConfig, encodeOrdererMetadata, encodeOrdererValue, ordererSignedBytes } from '../wire/metadata.js';
import { BatchCutter } from './batch-cutter.js';
import { BroadcastRefusal } from './broadcast-refusal.js';
import { checkBroadcast, createConfigTransaction } from './check-broadcast.js';
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
  readonly #ready: Batch[] = [];
  #tip: ChainTip;
  /** Of the configuration under which the oldest envelope of the open batch was accepted. */
  #openSequence: bigint | undefined;
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
    const { channelHeader } = checkBroadcast(envelope, channel, this.#context.nowMs());
    if (channelHeader.type === common.HeaderType.CONFIG_UPDATE) {
      this.#createConfig(envelope, channel); // Whoever sends an update is told at once what is wrong with it.
      this.#ready.push(this.#batch(this.#cutter.cut()), { kind: 'config', update: envelope });
      this.#queued += 1;
      this.#pump();
      return;
    }
    this.#queued += 1;
    this.#openSequence ??= channel.sequence;
    this.#ready.push(...this.#cutter.add(envelope, channel.batch).map((envelopes) => this.#batch(envelopes)));
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
        this.#ready.push(this.#batch(this.#cutter.cut()));
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
    for (let batch = this.#nextBatch(); batch !== undefined; batch = this.#nextBatch()) {
      const accepted = batch.kind === 'config' ? 1 : batch.envelopes.length;
      const envelopes = this.#envelopesOf(batch);
      if (envelopes.length > 0) await this.#deliver(envelopes, batch.kind === 'config');
      this.#queued -= accepted;
    }
  }

  async #deliver(envelopes: readonly Uint8Array[], isConfig: boolean): Promise<void> {
    // A configuration block names itself as the last one.
    const lastConfig = isConfig ? this.#tip.number + 1n : this.#tip.lastConfig;
    const block = this.#createBlock(envelopes, lastConfig);
    await this.#context.deliver(block);
    this.#tip = { ...block, lastConfig };
  }

  /** What is left of a batch under the configuration that is in force by now: it may have changed while it waited. */
  #envelopesOf(batch: Batch): readonly Uint8Array[] {
    const channel = this.#context.channel();
    if (batch.kind === 'config') return stillAllowed(() => [this.#createConfig(batch.update, channel)]);
    if (batch.sequence === channel.sequence) return batch.envelopes;
    const nowMs = this.#context.nowMs();
    return batch.envelopes.flatMap((envelope) =>
      stillAllowed(() => {
        checkBroadcast(envelope, channel, nowMs);
        return [envelope];
      }),
    );
  }

  #createConfig(update: Uint8Array, channel: ChannelConfig): Uint8Array {
    return createConfigTransaction(update, channel, this.#context.signer, this.#context.nowMs());
  }

  #batch(envelopes: readonly Uint8Array[]): Batch {
    const sequence = this.#openSequence ?? this.#context.channel().sequence;
    if (this.#cutter.isEmpty) this.#openSequence = undefined;
    return { kind: 'transactions', envelopes, sequence };
  }

  #nextBatch(): Batch | undefined {
    for (let full = this.#ready.shift(); full !== undefined; full = this.#ready.shift()) {
      if (full.kind === 'config' || full.envelopes.length > 0) return full;
    }
    const groupCommit = this.#context.channel().batch.timeoutMs === 0 || this.#stopped !== undefined;
    const rest = groupCommit ? this.#cutter.cut() : [];
    return rest.length === 0 ? undefined : this.#batch(rest);
  }

  #createBlock(envelopes: readonly Uint8Array[], lastConfig: bigint): Block {
    const header = {
      number: this.#tip.number + 1n,
      previousHash: blockHash(this.#tip),
      dataHash: dataHash(envelopes),
    };
    const { signer } = this.#context;
    const value = encodeOrdererValue(lastConfig, new Uint8Array());
    const signatureHeader = encodeSignatureHeader({ creator: signer.identityBytes, nonce: createNonce() });
    const signature = signer.sign(ordererSignedBytes(value, signatureHeader, header));
    const none = new Uint8Array();
    const metadata = [
      encodeOrdererMetadata(value, [{ signatureHeader, signature }]),
      encodeLastConfig(lastConfig),
      none,
      none,
      none,
    ];
    return { ...header, envelopes, metadata };
  }
}

/** What waits to become a block. */
type Batch =
  | {
      readonly kind: 'transactions';
      readonly envelopes: readonly Uint8Array[];
      /** Of the configuration under which the oldest of them was accepted. */
      readonly sequence: bigint;
    }
  | { readonly kind: 'config'; readonly update: Uint8Array };

/** What was accepted once and is refused now is dropped: nobody waits for an answer any more. */
function stillAllowed(make: () => Uint8Array[]): Uint8Array[] {
  try {
    return make();
  } catch (cause) {
    if (cause instanceof BroadcastRefusal) return [];
    throw cause;
  }
}
