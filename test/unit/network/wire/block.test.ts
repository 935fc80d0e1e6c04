import { blockHash, dataHash, encodeBlock, headerBytes, readBlock } from '../../../../network/embedded/wire/block.js';
import { WireError } from '../../../../network/embedded/wire/wire-error.js';
import { BLOCK_NUMBERS, ordererBlockBytes, peerBlockBytes } from '../../../vectors/vectors.js';

const copies = BLOCK_NUMBERS.flatMap((number) => [
  { name: `block_${number}`, number, bytes: ordererBlockBytes(number) },
  { name: `peer_block_${number}`, number, bytes: peerBlockBytes(number) },
]);

test.each(copies)('$name of a real network re-encodes to the same bytes', ({ number, bytes }) => {
  const block = readBlock(bytes);
  expect(block.number).toBe(BigInt(number));
  expect(Buffer.from(encodeBlock(block)).equals(bytes)).toBe(true);
});

test.each(copies)('the data hash in the header of $name covers its envelopes', ({ bytes }) => {
  const block = readBlock(bytes);
  expect(Buffer.from(dataHash(block.envelopes))).toEqual(Buffer.from(block.dataHash));
});

test.each([1, 2, 3, 4, 10, 13, 18, 19])('block %i names the hash of the block before it', (number) => {
  const before = readBlock(peerBlockBytes(number - 1));
  expect(Buffer.from(readBlock(peerBlockBytes(number)).previousHash)).toEqual(Buffer.from(blockHash(before)));
});

test.each([
  { number: 0n, integer: '020100' },
  { number: 127n, integer: '02017f' },
  { number: 128n, integer: '02020080' },
  { number: 256n, integer: '02020100' },
  { number: 2n ** 64n - 1n, integer: '020900ffffffffffffffff' },
])('header number $number becomes the DER integer $integer', ({ number, integer }) => {
  const hash = new Uint8Array(0);
  const body = `${integer}04000400`;
  const length = (body.length / 2).toString(16).padStart(2, '0');
  expect(Buffer.from(headerBytes({ number, previousHash: hash, dataHash: hash })).toString('hex')).toBe(
    `30${length}${body}`,
  );
});

test('a block without a header is refused', () => {
  expect(() => readBlock(new Uint8Array(0))).toThrow(new WireError('BAD_BLOCK', 'no header'));
});
