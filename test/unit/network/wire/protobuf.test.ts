import { common, ledger } from '@hyperledger/fabric-protos';
import fc from 'fast-check';

import { readBlock } from '../../../../network/embedded/wire/block.js';
import { readEnvelope } from '../../../../network/embedded/wire/envelope.js';
import { readProposal } from '../../../../network/embedded/wire/proposal.js';
import { Fields } from '../../../../network/embedded/wire/protobuf-reader.js';
import { Writer } from '../../../../network/embedded/wire/protobuf-writer.js';
import { readTxRwSet } from '../../../../network/embedded/wire/rwset-reader.js';
import { readChaincodeAction, readEndorserTransaction } from '../../../../network/embedded/wire/transaction.js';
import { compareUtf8 } from '../../../../network/embedded/wire/utf8-order.js';
import { WireError } from '../../../../network/embedded/wire/wire-error.js';
import { peerBlockBytes } from '../../../vectors/vectors.js';

const { kvrwset } = ledger.rwset;
const fields = (hex: string): Fields => new Fields(Buffer.from(hex, 'hex'));
const text = fc.string({ unit: 'grapheme' });
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

describe('reading', () => {
  test('the last of several scalars wins, and occurrences of a message are merged', () => {
    expect(fields('08010802').uint64(1)).toBe(2n);
    expect(new Fields(fields('0a0208010a021002').message(1) ?? new Uint8Array(0)).uint64(2)).toBe(2n);
    expect(new Fields(fields('0a0208010a021002').message(1) ?? new Uint8Array(0)).uint64(1)).toBe(1n);
  });

  test('unknown fields of every wire type, and known ones of another, are passed over', () => {
    const unknown = '1801' + '2100000000000000ff' + '2a0161' + '330801' + '34' + '3d000000ff';
    expect(fields(`0a0161${unknown}`).text(1)).toBe('a');
    expect(fields('0801').text(1)).toBe('');
    expect(fields('0a0161').uint64(1)).toBe(0n);
  });

  test('32-bit fields are cut from wider varints', () => {
    expect(fields('08ffffffffffffffffff01').int32(1)).toBe(-1);
    expect(fields('08ffffffff0f').int32(1)).toBe(-1);
    expect(fields('08ffffffff0f').uint32(1)).toBe(0xffffffff);
    expect(fields('0880808080 8001'.replace(' ', '')).int32(1)).toBe(0);
    expect(fields('08ffffffffffffffffff01').uint64(1)).toBe(2n ** 64n - 1n);
  });

  test('a number may be written longer than needed, as Go allows', () => {
    expect(fields('0a818080808080808000' + '61').text(1)).toBe('a');
    expect(fields('08818080808080808000').uint64(1)).toBe(1n);
  });

  test('of a oneof the last member counts', () => {
    expect(fields('0a001200').lastOf(1, 2)).toBe(2);
    expect(fields('12000a00').lastOf(1, 2)).toBe(1);
    expect(fields('1a00').lastOf(1, 2)).toBeUndefined();
  });

  test.each([
    ['a length beyond the end', '0a05aa'],
    ['a length beyond 2^49', '0affffffffffffffffff01'],
    ['a cut varint', '0880'],
    ['a varint of eleven bytes', '0880808080808080808080 01'.replace(' ', '')],
    ['a varint over 64 bits', '08ffffffffffffffffff7f'],
    ['field number 0', '0001'],
    ['field number 2^29', '808080801001'],
    ['wire type 6', '0e'],
    ['a group that is not closed', '0b0801'],
    ['a group closed by another number', '0b14'],
    ['a group that closes none', '0c'],
  ])('%s is refused', (_what, hex) => {
    expect(() => fields(hex)).toThrow(WireError);
  });

  test('text that is not UTF-8 is refused where Go refuses it, and a byte order mark is kept', () => {
    expect(() => fields('0a02c328').text(1)).toThrow(WireError);
    expect(() => fields('0a03eda0800a0161').text(1)).toThrow(WireError); // A surrogate, overruled by a later value.
    expect(fields('0a03efbbbf').text(1)).toBe('\ufeff');
  });

  test('groups nest without limit of the stack, but not for ever', () => {
    expect(new Fields(Buffer.concat([Buffer.alloc(9_000, 0x0b), Buffer.alloc(9_000, 0x0c)])).uint64(1)).toBe(0n);
    expect(() => new Fields(Buffer.alloc(20_000, 0x0b))).toThrow('groups nest too deep');
  });

  test('whatever the bytes, nothing but a WireError comes out', () => {
    const readers = [
      readBlock,
      readEnvelope,
      (bytes: Uint8Array) => readProposal(bytes, bytes),
      readTxRwSet,
      readChaincodeAction,
      readEndorserTransaction,
    ];
    const real = Buffer.from(readBlock(peerBlockBytes(12)).envelopes[0] ?? []);
    const mutated = fc
      .tuple(fc.nat(real.length - 1), fc.nat(255), fc.nat(real.length - 1))
      .map(([index, byte, end]) => real.with(index, byte).subarray(0, end));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), mutated), fc.constantFrom(...readers), (bytes, read) => {
        try {
          read(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

// The generated classes of fabric-protos are the oracle; they read and write the same fields by other code.
describe('agreement with the generated classes', () => {
  test('on a block header', () => {
    const safe = fc.bigInt({ min: 0n, max: 2n ** 53n - 1n });
    fc.assert(
      fc.property(safe, fc.uint8Array(), fc.uint8Array(), (number, previousHash, dataHash) => {
        const header = new common.BlockHeader();
        header.setNumber(Number(number));
        header.setPreviousHash(previousHash);
        header.setDataHash(dataHash);
        const bytes = new Writer().field(1, number).field(2, previousHash).field(3, dataHash).bytes();
        expect(Buffer.from(bytes)).toEqual(Buffer.from(header.serializeBinary()));
      }),
    );
  });

  test('on a key read', () => {
    fc.assert(
      fc.property(text, fc.nat(), fc.nat(), (key, block, tx) => {
        const read = new kvrwset.KVRead();
        const version = new kvrwset.Version();
        version.setBlockNum(block);
        version.setTxNum(tx);
        read.setKey(key);
        read.setVersion(version);
        const bytes = read.serializeBinary();
        expect(new Fields(bytes).text(1)).toBe(key);
        const inner = new Writer().field(1, block).field(2, tx).bytes();
        expect(Buffer.from(new Writer().field(1, key).message(2, inner).bytes())).toEqual(Buffer.from(bytes));
      }),
    );
  });
});

test('a 64-bit number survives writing and reading', () => {
  fc.assert(
    fc.property(uint64, (value) => {
      expect(new Fields(new Writer().field(3, value).bytes()).uint64(3)).toBe(value);
    }),
  );
});

test('strings are ordered as their UTF-8 bytes', () => {
  const unit = fc.constantFrom(
    'a',
    'b',
    '\u0000',
    '\u00e9',
    '\ud7ff',
    '\ue000',
    '\uffff',
    '\u{10000}',
    '\u{1f600}',
    '\u{10ffff}',
  );
  fc.assert(
    fc.property(fc.string({ unit }), fc.string({ unit }), (left, right) => {
      const bytes = Buffer.compare(Buffer.from(left), Buffer.from(right));
      expect(Math.sign(compareUtf8(left, right))).toBe(bytes);
    }),
  );
});
