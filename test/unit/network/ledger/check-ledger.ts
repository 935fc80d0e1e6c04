import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { common } from '@hyperledger/fabric-protos';

/**
 * Reads a block file from raw bytes and checks every hash in it. Shares no code with the writer: records are cut here,
 * blocks are read by the generated protobuf classes, and the header's DER is put together by hand.
 * @returns the number of blocks. @throws an error that names the first fault.
 */
export function checkBlockFile(folder: string): number {
  const file = readFileSync(join(folder, 'blocks'));
  let previous: Buffer | undefined;
  let number = 0;
  for (let offset = 0; offset < file.length; number += 1) {
    const end = offset + 8 + file.readUInt32BE(offset);
    previous = checkBlock(common.Block.deserializeBinary(file.subarray(offset + 8, end)), number, previous);
    offset = end;
  }
  return number;
}

/** @returns the block's hash. */
function checkBlock(block: common.Block, number: number, previous: Buffer | undefined): Buffer {
  const header = block.getHeader();
  const data = Buffer.concat(block.getData()?.getDataList_asU8() ?? []);
  const dataHash = createHash('sha256').update(data).digest();
  if (header?.getNumber() !== number) throw new Error(`record ${number} holds another block`);
  if (!dataHash.equals(header.getDataHash_asU8())) throw new Error(`data hash of block ${number}`);
  const previousHash = Buffer.from(header.getPreviousHash_asU8());
  if (previous && !previous.equals(previousHash)) throw new Error(`previous hash of block ${number}`);
  return hashOf(number, previousHash, dataHash);
}

/** Only for numbers below 128, whose DER integer is one byte. */
function hashOf(number: number, previousHash: Buffer, dataHash: Buffer): Buffer {
  const octets = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([0x04, bytes.length]), bytes]);
  const body = Buffer.concat([Buffer.from([0x02, 1, number]), octets(previousHash), octets(dataHash)]);
  return createHash('sha256')
    .update(Buffer.concat([Buffer.from([0x30, body.length]), body]))
    .digest();
}
