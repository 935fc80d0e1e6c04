import { createHash } from 'node:crypto';

import { Message } from './protobuf.js';
import { Unreadable } from './unreadable.js';

/** A block's parts as views of its bytes. Source: Fabric's common/common.proto, Block. */
export interface Block {
  readonly number: bigint;
  readonly previousHash: Uint8Array;
  readonly dataHash: Uint8Array;
  /** Bytes of `common.BlockData`: where the transactions lie. */
  readonly data: Uint8Array;
  /** Bytes of `common.Envelope`. */
  readonly envelopes: readonly Uint8Array[];
  /** Signatures, last configuration, codes, (unused), commit hash. */
  readonly metadata: readonly Uint8Array[];
}

const none = new Uint8Array(0);

/** @throws Unreadable */
export function openBlock(bytes: Uint8Array): Block {
  const block = new Message(bytes);
  const headerBytes = block.part(1);
  if (headerBytes === undefined) throw new Unreadable('a block without a header');
  const header = new Message(headerBytes);
  const data = block.part(2) ?? none;
  const metadata = new Message(block.part(3) ?? none).all(1);
  return {
    number: header.uint(1),
    previousHash: header.bytes(2),
    dataHash: header.bytes(3),
    data,
    envelopes: new Message(data).all(1),
    metadata: Array.from({ length: Math.max(5, metadata.length) }, (_, index) => metadata[index] ?? none),
  };
}

/** SHA-256, as bytes. */
export function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** What orderers sign of a header, and what the next block's link is a hash of: ASN.1 of its three members. */
export function headerInDer({ number, previousHash, dataHash }: Block): Buffer {
  const digits = number.toString(16);
  const magnitude = Buffer.from(digits.length % 2 === 1 ? `0${digits}` : digits, 'hex');
  const positive = (magnitude[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.of(0), magnitude]) : magnitude;
  const members = [tagged(0x02, positive), tagged(0x04, previousHash), tagged(0x04, dataHash)];
  return tagged(0x30, Buffer.concat(members));
}

function tagged(tag: number, content: Uint8Array): Buffer {
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}
