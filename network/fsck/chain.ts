import { type Block, headerInDer, openBlock, sha256 } from './block.js';
import { type BlockRecord } from './block-records.js';
import { Channel, type Statement } from './channel.js';
import { commitHash } from './commit-hash.js';
import { EndorsementRules } from './endorsements.js';
import { ChainFault, type FindingCode } from './finding.js';
import { type ByteString, Message } from './protobuf.js';
import { judgeReads } from './reads.js';
import {
  encodeSet,
  encodeVersion,
  endPrefix,
  purgeKey,
  setKey,
  spaceKey,
  uint32,
  uint64,
  writeKey,
} from './records.js';
import { type Effects, type NamespaceEffects, readEffects, type Version } from './rwset.js';
import { type Scratch } from './scratch.js';
import { type SpaceChanges, State, type Values } from './state.js';
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

/** The block that a next one has to follow. */
interface LastBlock {
  readonly number: bigint;
  readonly hash: Buffer;
}

/** A transaction as the replay judges it; `effects` are those of a valid one. */
interface Judged {
  readonly code: number;
  readonly opened: Opened | undefined;
  readonly formed: Formed | undefined;
  readonly effects: readonly NamespaceEffects[];
}

const configKey = 'CHANNEL_CONFIG_ENV_BYTES';
const none = Buffer.alloc(0);

/**
 * One peer's chain, replayed from its raw bytes: links, signatures, every verdict and the state that follows. Shares no
 * code with what writes chains. Judges by the bytes alone, never by the clock.
 */
export class Chain {
  readonly state: State;
  readonly #scratch: Scratch;
  #last: LastBlock | undefined;
  #transactions = 0;
  #writes = 0;
  #channel: Channel | undefined;
  #lastConfig = 0n;
  #commitHash: Buffer = Buffer.alloc(0);
  #record: BlockRecord | undefined;
  /** Whether any private key or set of private data ever ends. */
  #endings = false;

  /** @param scratch where it writes down what follows. @param read bytes of the block file that are no longer in memory. */
  constructor(scratch: Scratch, read: Values['read']) {
    this.#scratch = scratch;
    this.state = new State(scratch, { read, locate: (bytes) => this.#locate(bytes) });
  }

  /** Blocks that hold. */
  get height(): number {
    return this.#last === undefined ? 0 : Number(this.#last.number) + 1;
  }

  /** Transactions of those blocks, each id once. */
  get transactions(): number {
    return this.#transactions;
  }

  /** Values that valid transactions wrote to public keys. */
  get writes(): number {
    return this.#writes;
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
  async replay(record: BlockRecord): Promise<void> {
    this.#record = record;
    try {
      const block = this.#open(record);
      this.#checkLinks(block);
      if (block.number === 0n) this.#adopt(block, 0);
      this.#checkOrderers(block);
      const rules = new EndorsementRules(this.#channelInForce, this.state);
      const judged = block.number === 0n ? block.envelopes.map(judgeFirst) : this.#judge(block, rules);
      await this.#settle(block, judged, rules);
      const number = uint64(block.number);
      const hash = sha256(headerInDer(block));
      const place = Buffer.concat([uint64(BigInt(record.offset)), uint32(record.content.length)]);
      this.#scratch.put(`b${number.toString('latin1')}`, place);
      this.#scratch.put(`x${hash.toString('latin1')}`, number);
      this.#last = { number: block.number, hash };
      await this.#scratch.relieve();
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
    const before = this.#last;
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
      const formed = readFormed(opened, (txId) => this.#scratch.get(`t${txId}`) !== undefined);
      rules.check(formed);
      return { code: CODE.VALID, opened, formed, effects: formed.effects };
    } catch (cause) {
      if (!(cause instanceof Refused)) throw cause;
      return { code: cause.code, opened, formed: undefined, effects: [] };
    }
  }

  /** Applies the valid ones in order, and compares codes, configuration and commit hash with what the peer stored. */
  async #settle(block: Block, judged: readonly Judged[], rules: EndorsementRules): Promise<void> {
    const stored = block.metadata[2] ?? none;
    const codes: number[] = [];
    for (const [index, each] of judged.entries()) {
      const isOpen = each.code === CODE.VALID && block.number > 0n;
      const code = isOpen ? await judgeReads(each.effects, this.state) : each.code;
      if (code !== stored[index]) throw this.#wrongCode(block, stored, index, code);
      if (code === CODE.VALID) this.#apply(block, each, index, rules);
      codes.push(code);
    }
    if (stored.length !== codes.length) {
      throw this.#fault('VALIDATION_CODE', stored, `${stored.length} codes for ${codes.length} transactions`);
    }
    this.#remember(block, judged, codes);
    this.#checkLastConfig(block);
    const changes = this.state.takeChanges();
    this.#checkCommitHash(block, codes, changes);
    await this.#endPrivateKeys(block.number, changes, rules);
  }

  #apply(block: Block, { effects, opened }: Judged, index: number, rules: EndorsementRules): void {
    const version = `${block.number}:${index}`;
    this.state.apply(effects, version);
    for (const { namespace, publicKeys, collections } of effects) {
      for (const part of collections) this.#writeDownSet(part, version, block.number, rules);
      if (namespace === '') continue;
      for (const key of new Set(publicKeys.writes.map((write) => write.key))) {
        this.#scratch.put(writeKey(namespace, key, version), none);
        this.#writes += 1;
      }
    }
    if (opened?.type === HEADER.config && block.number > 0n) this.#adopt(block, index);
  }

  /** What a transaction wrote to a collection, by its hashes: members keep the plain text of it. */
  #writeDownSet(part: Effects, version: Version, number: bigint, rules: EndorsementRules): void {
    for (const { key, isPurge } of part.writes) {
      if (isPurge) this.#scratch.put(purgeKey(part, key), encodeVersion(version));
    }
    if (part.setHash.length === 0) return;
    const life = rules.blockToLive(part);
    const written = part.writes.map(({ key, isDelete, value }) => {
      const hash = isDelete ? '' : Buffer.from(value).toString('latin1');
      return [key, hash] as const;
    });
    const set = {
      endBlock: life === 0n ? 0n : number + life + 1n,
      setHash: part.setHash,
      writes: new Map(written),
      metadata: new Set(part.metadata.map(({ key }) => key)),
    };
    this.#scratch.put(setKey(version, part), encodeSet(set));
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
      if (txId === '' || this.#scratch.get(`t${txId}`) !== undefined) return;
      const place = Buffer.concat([encodeVersion(`${block.number}:${index}`), Buffer.of(codes[index] ?? 0)]);
      this.#scratch.put(`t${txId}`, place);
      this.#transactions += 1;
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
  async #endPrivateKeys(number: bigint, changes: readonly SpaceChanges[], rules: EndorsementRules): Promise<void> {
    for (const { space, keys } of changes) {
      const life = space.collection === '' ? 0n : rules.blockToLive(space);
      if (life === 0n) continue;
      this.#endings = true;
      const prefix = endPrefix(number + life + 1n);
      for (const [key, { entry }] of keys) {
        if (entry !== undefined) this.#scratch.put(prefix + spaceKey(space, key), uint64(number));
      }
    }
    if (!this.#endings) return;
    await using ending = await this.#scratch.cursor(endPrefix(number));
    for (let end = await ending.next(); end !== undefined; end = await ending.next()) {
      this.state.expire(end.key.toString('latin1'), end.value.readBigUInt64BE(0));
    }
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
  const publicKeys = {
    ...space,
    setHash: none,
    writes: [{ key: configKey, isDelete: false, isPurge: false, value: data }],
  };
  return [{ namespace: '', publicKeys, collections: [] }];
}
