import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';

import { ChainFault } from './finding.js';

/** One record of a block file. */
export interface BlockRecord {
  /** Byte at which the record begins. */
  readonly offset: number;
  /** Byte at which its content begins. */
  readonly start: number;
  readonly end: number;
  readonly content: Buffer;
}

const frameBytes = 8;
const contentBytesMax = 1 << 30;

/**
 * A peer's block file, as it lies on the disk: records of a length and a CRC-32, four bytes each with the highest
 * first, then the content. Read only.
 */
export class BlockRecords {
  readonly #file: number;
  readonly size: number;

  /** @throws the file system's own error */
  constructor(path: string) {
    this.#file = openSync(path, 'r');
    this.size = fstatSync(this.#file).size;
  }

  /** Every record, in order. @throws ChainFault RECORD_TORN at an unfinished last one, RECORD_BROKEN */
  *records(): Iterable<BlockRecord> {
    for (let offset = 0; offset < this.size;) {
      const record = this.#recordAt(offset);
      yield record;
      offset = record.end;
    }
  }

  /** Bytes of the file. */
  bytes(offset: number, length: number): Buffer {
    return fill(this.#file, Buffer.allocUnsafe(length), length, offset);
  }

  close(): void {
    closeSync(this.#file);
  }

  #recordAt(offset: number): BlockRecord {
    const start = offset + frameBytes;
    const torn = { from: offset, to: this.size };
    if (start > this.size) throw new ChainFault('RECORD_TORN', torn, 'the file ends within a record');
    const frame = this.bytes(offset, frameBytes);
    const length = frame.readUInt32BE(0);
    const end = start + length;
    if (length === 0 || length > contentBytesMax) {
      throw new ChainFault('RECORD_BROKEN', { from: offset, to: offset + 4 }, `a record of ${length} bytes`);
    }
    if (end > this.size) throw new ChainFault('RECORD_TORN', torn, 'the file ends within a record');
    const content = this.bytes(start, length);
    if (crc32(content) !== frame.readUInt32BE(4)) {
      throw new ChainFault('RECORD_BROKEN', { from: offset, to: end }, 'the content is not that of its checksum');
    }
    return { offset, start, end, content };
  }
}

const chunkBytes = 1 << 18;

/** The first byte at which two files differ within their first `length` bytes; `undefined` where they do not. */
export function firstDifference(
  one: string,
  other: string,
  length: number,
  onBytes: (bytes: number) => void = () => undefined,
): number | undefined {
  const files = [openSync(one, 'r'), openSync(other, 'r')] as const;
  const chunks = [Buffer.alloc(chunkBytes), Buffer.alloc(chunkBytes)] as const;
  try {
    for (let at = 0; at < length; at += chunkBytes) {
      const size = Math.min(chunkBytes, length - at);
      const [mine, theirs] = [fill(files[0], chunks[0], size, at), fill(files[1], chunks[1], size, at)];
      if (!mine.equals(theirs)) {
        const different = mine.findIndex((byte, index) => byte !== theirs[index]);
        return different < 0 ? undefined : at + different; // Below 0: the other file goes on where this one ends.
      }
      onBytes(at + size);
    }
    return undefined;
  } finally {
    files.forEach(closeSync);
  }
}

/** Fills the beginning of `bytes` from a place of the file. @returns as much as there was */
function fill(file: number, bytes: Buffer, length: number, from: number): Buffer {
  let read = 0;
  while (read < length) {
    const count = readSync(file, bytes, read, length - read, from + read);
    if (count === 0) break;
    read += count;
  }
  return bytes.subarray(0, read);
}
