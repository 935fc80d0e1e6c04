import { type Block, headerInDer, openBlock, sha256 } from './block.js';
import { type BlockRecord } from './block-records.js';
import { Channel, type Statement } from './channel.js';
import { commitHash } from './commit-hash.js';
import { EndorsementRules } from './endorsements.js';
import { ChainFault, type FindingCode } from './finding.js';
import { type ByteString, Message } from './protobuf.js';
import { judgeReads } from './reads.js';
import { type NamespaceEffects, readEffects } from './rwset.js';
import { type Space, type SpaceChanges, State, type Values } from './state.js';
import {
  checkCreator,
  CODE,
  type Formed,
  HEADER,
  type Opened,
  openEnvelope,
  readFormed,
  Refused,
} from './transaction.js';
import { Unreadable } from './unreadable.js';

/** Where a transaction lies, and the code that it got. */
export interface TransactionPlace {
  readonly block: bigint;
  readonly index: number;
  readonly code: number;
}

/** A block that was replayed. */
export interface ReplayedBlock {
  readonly number: bigint;
  readonly offset: number;
  /** Bytes of the block without its frame. */
  readonly length: number;
  readonly hash: Buffer;
  /** SHA-256 of the block as it was stored. */
  readonly contentHash: Buffer;
}

/** A transaction as the replay judges it; `effects` are those of a valid one. */
interface Judged {
  readonly code: number;
  readonly opened: Opened | undefined;
  readonly formed: Formed | undefined;
  readonly effects: readonly NamespaceEffects[];
}

/** Told every public key that a valid transaction wrote a value to. */
export type OnWrite = (namespace: ByteString, key: ByteString, block: bigint, index: number) => void;

const configKey = 'CHANNEL_CONFIG_ENV_BYTES';
const none = new Uint8Array(0);

/**
 * One peer's chain, replayed from its raw bytes: links, signatures, every verdict and the state that follows. Shares no
 * code with what writes chains. Judges by the bytes alone, never by the clock.
 */
export class Chain {
  readonly state: State;
  /** The first transaction of each id, valid or not. */
  readonly transactions = new Map<ByteString, TransactionPlace>();
  readonly blocks: ReplayedBlock[] = [];
  readonly #onWrite: OnWrite;
  #channel: Channel | undefined;
  #lastConfig = 0n;
  #commitHash: Buffer = Buffer.alloc(0);
  #record: BlockRecord | undefined;
  /** Private keys by the block that ends them. */
  readonly #ending = new Map<bigint, { readonly space: Space; readonly key: ByteString; readonly written: bigint }[]>();

  /** @param read bytes of the block file, for values that are no longer in memory. */
  constructor(read: Values['read'], onWrite: OnWrite) {
    this.state = new State({ read, locate: (bytes) => this.#locate(bytes) });
    this.#onWrite = onWrite;
  }

  /** Number of the last valid configuration's block. */
  get lastConfig(): bigint {
    return this.#lastConfig;
  }

  /** Commit hash of the last block; empty before block 1. */
  get lastCommitHash(): Uint8Array {
    return this.#commitHash;
  }

  /** The channel's name, empty before block 0. */
  get channelName(): ByteString {
    return this.#channel?.name ?? '';
  }

  /** Replays the next block. @throws ChainFault; nothing may be asked of the chain after it */
  replay(record: BlockRecord): void {
    this.#record = record;
    try {
      const block = this.#open(record);
      this.#checkLinks(block);
      if (block.number === 0n) this.#adopt(block, 0);
      this.#checkOrderers(block);
      const rules = new EndorsementRules(this.#channelInForce, this.state);
      const judged = block.number === 0n ? block.envelopes.map(judgeFirst) : this.#judge(block, rules);
      this.#settle(block, judged, rules);
      this.blocks.push({
        number: block.number,
        offset: record.offset,
        length: record.content.length,
        hash: sha256(headerInDer(block)),
        contentHash: sha256(record.content),
      });
    } finally {
      this.#record = undefined;
    }
  }

  #open(record: BlockRecord): Block {
    try {
      return openBlock(record.content);
    } catch (cause) {
      if (!(cause instanceof Unreadable)) throw cause;
      throw this.#fault('BLOCK_UNREADABLE', record.content, cause.message);
    }
  }

  #checkLinks(block: Block): void {
    const before = this.blocks.at(-1);
    const wanted = before === undefined ? 0n : before.number + 1n;
    const all = this.#record?.content ?? none;
    if (block.number !== wanted)
      throw this.#fault('BLOCK_NUMBER', all, `block ${block.number} where ${wanted} follows`);
    if (before !== undefined && !before.hash.equals(block.previousHash)) {
      throw this.#fault('PREVIOUS_HASH', block.previousHash, 'it follows another block than the one before it');
    }
    if (!sha256(...block.envelopes).equals(block.dataHash)) {
      throw this.#fault('DATA_HASH', block.data, 'its transactions are not those that were ordered');
    }
  }

  /** Block 0 is the channel's root of trust and carries no signature. Source: Fabric's protoutil/blockutils.go. */
  #checkOrderers(block: Block): void {
    if (block.number === 0n) return;
    const entry = block.metadata[0] ?? none;
    const signatures = this.#reading('ORDERER_SIGNATURE', entry, () => {
      const metadata = new Message(entry);
      const value = metadata.bytes(1);
      const header = headerInDer(block);
      return metadata.all(2).map((bytes) => this.#orderersStatement(new Message(bytes), value, header));
    });
    if (this.#channel?.acceptsBlockOf(this.#channel.signers(signatures)) !== true) {
      throw this.#fault('ORDERER_SIGNATURE', entry, 'not signed by the orderers that the channel wants');
    }
  }

  #orderersStatement(fields: Message, value: Uint8Array, header: Uint8Array): Statement {
    const [byCreator, byNumber] = [fields.bytes(1), fields.bytes(3)];
    const isNumbered = byCreator.length === 0 && byNumber.length > 0;
    const said = isNumbered ? byNumber : byCreator;
    const signer = isNumbered
      ? (this.#channel?.consenter(new Message(byNumber).int(1)) ?? none)
      : new Message(byCreator).bytes(1);
    return { signer, message: Buffer.concat([value, said, header]), signature: fields.bytes(2) };
  }

  get #channelInForce(): Channel {
    if (this.#channel === undefined) throw new Error('block 0 comes first');
    return this.#channel;
  }

  #judge(block: Block, rules: EndorsementRules): Judged[] {
    const channel = this.#channelInForce;
    const judged = block.envelopes.map((bytes) => this.#judgeOne(bytes, channel, rules));
    const seen = new Set<ByteString>();
    return judged.map((each) => {
      if (each.code !== CODE.VALID || each.formed === undefined || each.opened === undefined) return each;
      const { txId } = each.opened;
      if (seen.has(txId)) return { ...each, code: CODE.DUPLICATE_TXID };
      seen.add(txId);
      return each;
    });
  }

  #judgeOne(bytes: Uint8Array, channel: Channel, rules: EndorsementRules): Judged {
    let opened: Opened | undefined;
    try {
      opened = openEnvelope(bytes);
      checkCreator(opened, channel);
      if (opened.type === HEADER.config) {
        return { code: CODE.VALID, opened, formed: undefined, effects: configEffects(opened) };
      }
      if (opened.type !== HEADER.endorserTransaction) throw new Refused(CODE.UNSUPPORTED_TX_PAYLOAD, 'no transaction');
      const formed = readFormed(opened, (txId) => this.transactions.has(txId));
      rules.check(formed);
      return { code: CODE.VALID, opened, formed, effects: formed.effects };
    } catch (cause) {
      if (!(cause instanceof Refused)) throw cause;
      return { code: cause.code, opened, formed: undefined, effects: [] };
    }
  }

  /** Applies the valid ones in order, and compares codes, configuration and commit hash with what the peer stored. */
  #settle(block: Block, judged: readonly Judged[], rules: EndorsementRules): void {
    const stored = block.metadata[2] ?? none;
    const codes = judged.map((each, index) => {
      const code = each.code === CODE.VALID && block.number > 0n ? judgeReads(each.effects, this.state) : each.code;
      if (code !== stored[index]) throw this.#wrongCode(block, stored, index, code);
      if (code === CODE.VALID) this.#apply(block, each, index);
      return code;
    });
    if (stored.length !== codes.length) {
      throw this.#fault('VALIDATION_CODE', stored, `${stored.length} codes for ${codes.length} transactions`);
    }
    this.#remember(block, judged, codes);
    this.#checkLastConfig(block);
    const changes = this.state.takeChanges();
    this.#checkCommitHash(block, codes, changes);
    this.#endPrivateKeys(block.number, changes, rules);
  }

  #apply(block: Block, { effects, opened }: Judged, index: number): void {
    this.state.apply(effects, `${block.number}:${index}`);
    for (const { namespace, publicKeys } of effects) {
      if (namespace === '') continue;
      for (const { key } of publicKeys.writes) this.#onWrite(namespace, key, block.number, index);
    }
    if (opened?.type === HEADER.config && block.number > 0n) this.#adopt(block, index);
  }

  /** From the next block on, this configuration is in force. */
  #adopt(block: Block, index: number): void {
    const envelope = block.envelopes[index] ?? none;
    this.#reading('BLOCK_UNREADABLE', envelope, () => {
      const opened = openEnvelope(envelope);
      this.#channel = new Channel(opened.channel, opened.data);
    });
    this.#lastConfig = block.number;
  }

  #remember(block: Block, judged: readonly Judged[], codes: readonly number[]): void {
    judged.forEach(({ opened }, index) => {
      const txId = opened?.txId ?? '';
      if (txId === '' || this.transactions.has(txId)) return;
      this.transactions.set(txId, { block: block.number, index, code: codes[index] ?? 0 });
    });
  }

  #checkLastConfig(block: Block): void {
    const entry = block.metadata[1] ?? none;
    const told = this.#reading('LAST_CONFIG', entry, () => new Message(new Message(entry).bytes(1)).uint(1));
    // A block of configuration names itself; whether it took effect was not known when it was ordered.
    if (told !== this.#lastConfig && told !== block.number) {
      throw this.#fault(
        'LAST_CONFIG',
        entry,
        `it names block ${told}, the last configuration is in ${this.#lastConfig}`,
      );
    }
  }

  /**
   * Private keys of a collection with a `blockToLive` leave the state that many blocks after they were written.
   * Source: Fabric's txmgmt/pvtstatepurgemgmt.
   */
  #endPrivateKeys(number: bigint, changes: readonly SpaceChanges[], rules: EndorsementRules): void {
    for (const { space, keys } of changes) {
      const life = space.collection === '' ? 0n : rules.blockToLive(space);
      if (life === 0n) continue;
      const last = number + life + 1n;
      const ending = this.#ending.get(last) ?? [];
      for (const [key, { entry }] of keys) if (entry !== undefined) ending.push({ space, key, written: number });
      this.#ending.set(last, ending);
    }
    for (const { space, key, written } of this.#ending.get(number) ?? []) this.state.expire(space, key, written);
    this.#ending.delete(number);
  }

  #checkCommitHash(block: Block, codes: readonly number[], changes: readonly SpaceChanges[]): void {
    if (block.number === 0n) return;
    this.#commitHash = commitHash(codes, changes, this.#commitHash);
    const entry = block.metadata[4] ?? none;
    const told = this.#reading('COMMIT_HASH', entry, () => new Message(entry).bytes(1));
    if (!this.#commitHash.equals(told)) {
      throw this.#fault('COMMIT_HASH', entry, 'the block does not lead to the state that it states');
    }
  }

  #wrongCode(block: Block, stored: Uint8Array, index: number, code: number): ChainFault {
    const at = stored.length > index ? stored.subarray(index, index + 1) : stored;
    const txId = this.#locate(block.envelopes[index] ?? none);
    const where = txId === undefined ? '' : `, its envelope in bytes ${txId.offset} to ${txId.offset + txId.length}`;
    const detail = `code ${stored[index] ?? 'none'} where ${code} follows from the transaction${where}`;
    return this.#fault('VALIDATION_CODE', at, detail, index);
  }

  #reading<Result>(code: FindingCode, bytes: Uint8Array, read: () => Result): Result {
    try {
      return read();
    } catch (cause) {
      if (cause instanceof ChainFault) throw cause;
      throw this.#fault(code, bytes, cause instanceof Error ? cause.message : 'unreadable');
    }
  }

  #fault(code: FindingCode, bytes: Uint8Array, detail: string, transaction?: number): ChainFault {
    const place = this.#locate(bytes);
    const record = this.#record;
    const range =
      place === undefined
        ? { from: record?.offset ?? 0, to: record?.end ?? 0 }
        : { from: place.offset, to: place.offset + place.length };
    return new ChainFault(code, range, detail, transaction);
  }

  /** Where bytes of the present block lie in the file: every part is a view of the record's content. */
  #locate(bytes: Uint8Array) {
    const record = this.#record;
    if (record === undefined || bytes.buffer !== record.content.buffer || bytes.length === 0) return undefined;
    const within = bytes.byteOffset - record.content.byteOffset;
    const isInside = within >= 0 && within + bytes.length <= record.content.length;
    return isInside ? { offset: record.start + within, length: bytes.length } : undefined;
  }
}

/** The transactions of block 0 are what they are. */
function judgeFirst(bytes: Uint8Array): Judged {
  try {
    const opened = openEnvelope(bytes);
    const effects = opened.type === HEADER.config ? configEffects(opened) : readAnyEffects(opened);
    return { code: CODE.VALID, opened, formed: undefined, effects };
  } catch (cause) {
    if (cause instanceof Refused || cause instanceof Unreadable) {
      return { code: CODE.VALID, opened: undefined, formed: undefined, effects: [] };
    }
    throw cause;
  }
}

function readAnyEffects({ data }: Opened): NamespaceEffects[] {
  const action = new Message(new Message(data).message(1).message(2).message(2).bytes(1));
  return readEffects(new Message(action.bytes(2)).bytes(1));
}

/** A configuration is the value of one key outside all chaincodes. Source: Fabric's core/peer/configtx_processor.go. */
function configEffects({ data }: Opened): NamespaceEffects[] {
  const space = { namespace: '', collection: '', reads: [], ranges: [], metadata: [] };
  const publicKeys = { ...space, writes: [{ key: configKey, isDelete: false, value: data }] };
  return [{ namespace: '', publicKeys, collections: [] }];
}
