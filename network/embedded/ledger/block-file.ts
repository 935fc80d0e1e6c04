import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';

import type { Disk } from './disk.js';
import { LedgerError } from './ledger-error.js';

/** Where a record's bytes lie in the file: byte offset of the record, and length of what it holds. */
export interface RecordPlace {
  readonly offset: number;
  readonly length: number;
}

/** A record found by a scan. */
export interface FoundRecord extends RecordPlace {
  readonly bytes: Buffer;
  /** Byte offset of what follows. */
  readonly end: number;
}

/** Length and CRC-32 of the content, each four bytes, big-endian. */
const HEADER_BYTES = 8;
/** A block is far smaller; a longer record is a broken length. */
const RECORD_BYTES_MAX = 1 << 30;

/**
 * A file of records that only grows: the truth of a ledger. What was synchronised survives a power cut; what was being
 * written when it came is a torn tail, which `recover` cuts.
 */
export class BlockFile {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #disk: Disk;
  /** Bytes that are known to be whole records; set by `recover` and grown by `append`. */
  #length = 0;

  private constructor(path: string, file: FileHandle, disk: Disk) {
    this.#path = path;
    this.#file = file;
    this.#disk = disk;
  }

  /** Opens or creates the file; call `recover` before anything else. */
  static async open(path: string, disk: Disk): Promise<BlockFile> {
    const file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    // A new file's name is durable only when its folder is.
    if ((await file.stat()).size === 0) await syncFolder(dirname(path));
    return new BlockFile(path, file, disk);
  }

  get length(): number {
    return this.#length;
  }

  /**
   * Takes the first `known` bytes as whole records and finds those behind them, one after the other; then cuts the torn
   * tail. @throws {LedgerError} LEDGER_CORRUPT when the file is shorter than `known`, or when a broken record has a
   * whole one behind it, which a torn write cannot leave.
   */
  async *recover(known: number): AsyncIterable<FoundRecord> {
    const { size } = await this.#file.stat();
    if (size < known) throw this.corrupt(size, `the file ends before byte ${known}`);
    this.#length = known;
    while (this.#length < size) {
      const record = await this.#readAt(this.#length);
      if (!record) break;
      this.#length = record.end;
      yield record;
    }
    if (this.#length < size) await this.#cutTail(this.#length);
  }

  /** Appends the records as one write. Nothing is durable before `sync`. @returns their places, in order. */
  async append(contents: readonly Uint8Array[]): Promise<RecordPlace[]> {
    let offset = this.#length;
    const places = contents.map(({ length }) => {
      const place = { offset, length };
      offset += HEADER_BYTES + length;
      return place;
    });
    await this.#disk.append(this.#file, Buffer.concat(contents.flatMap(encodeRecord)), this.#length);
    this.#length = offset;
    return places;
  }

  sync(): Promise<void> {
    return this.#disk.sync(this.#file);
  }

  /** @throws {LedgerError} LEDGER_CORRUPT when the record does not have the length and CRC that it should. */
  async read({ offset, length }: RecordPlace): Promise<Buffer> {
    const record = await this.#readAt(offset);
    if (record?.length !== length) throw this.corrupt(offset, 'the record is broken');
    return record.bytes;
  }

  /** The error for contents at a byte offset that cannot be true. */
  corrupt(offset: number, detail: string, options?: ErrorOptions): LedgerError {
    return new LedgerError('LEDGER_CORRUPT', `${this.#path} at byte ${offset}: ${detail}`, options);
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async #cutTail(offset: number): Promise<void> {
    const broken = await this.#readLength(offset);
    const behind = broken === undefined ? undefined : await this.#readAt(offset + HEADER_BYTES + broken);
    if (behind) throw this.corrupt(offset, 'the record is broken, and the one behind it is not');
    await this.#disk.truncate(this.#file, offset);
  }

  async #readLength(offset: number): Promise<number | undefined> {
    const header = await this.#readBytes(offset, HEADER_BYTES);
    const length = header?.readUInt32BE(0) ?? 0;
    return length > 0 && length <= RECORD_BYTES_MAX ? length : undefined;
  }

  /** The record at `offset`, or undefined when there is no whole one. */
  async #readAt(offset: number): Promise<FoundRecord | undefined> {
    const length = await this.#readLength(offset);
    const record = length === undefined ? undefined : await this.#readBytes(offset, HEADER_BYTES + length);
    if (!record || length === undefined) return undefined;
    const bytes = record.subarray(HEADER_BYTES);
    const end = offset + record.length;
    return crc32(bytes) === record.readUInt32BE(4) ? { offset, length, bytes, end } : undefined;
  }

  /** `length` bytes at `offset`, or undefined when the file ends before. */
  async #readBytes(offset: number, length: number): Promise<Buffer | undefined> {
    if (offset + length > (await this.#file.stat()).size) return undefined;
    const bytes = Buffer.allocUnsafe(length);
    for (let read = 0; read < length;) {
      const { bytesRead } = await this.#file.read(bytes, read, length - read, offset + read);
      if (bytesRead === 0) return undefined;
      read += bytesRead;
    }
    return bytes;
  }
}

function encodeRecord(bytes: Uint8Array): Uint8Array[] {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(bytes.length, 0);
  header.writeUInt32BE(crc32(bytes), 4);
  return [header, bytes];
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY);
  await folder.sync();
  await folder.close();
}
