import { randomInt } from 'node:crypto';
import net from 'node:net';
import dns from 'node:dns';
import { toHex } from '../../../proof/bytes.js';
import { decodeReceipt, encodeReceipt, receiptFromJson, receiptToJson } from '../../../proof/format/codec.js';
import { fromBase64Url, toBase64Url } from '../../../proof/format/compact.js';
import { type Report } from '../../../proof/verify/report.js';
import { verifyReceipt } from '../../../proof/verify/verify-receipt.js';
import { type ReceiptCase } from '../../support/receipts/case.js';
import { readCorpus } from '../../support/receipts/corpus.js';
import { authenticatedPart, flip, mutate } from '../../support/receipts/mutate.js';

const corpus = readCorpus();
const valid = corpus.filter(({ expected }) => expected.verdict === 'VALID');
const FLIPS_A_RECEIPT = 20;
const FUZZED = 300;

jest.setTimeout(120_000);

const judge = ({ question, trust }: ReceiptCase, bytes: Uint8Array) => verifyReceipt(bytes, trust, question);

/** Everything that a receipt proves. */
const whole = ({ facts }: Report) => JSON.stringify(facts);

/** The same but for a trusted time, whose absence proves less. */
function proved({ facts }: Report): string {
  const { trustedTime: _, ...rest } = facts ?? { trustedTime: '' };
  return JSON.stringify(rest);
}

describe('hostile receipts', () => {
  test('a flipped bit is seen, or stands where nothing is authenticated', async () => {
    expect(valid.length).toBeGreaterThanOrEqual(20);
    for (const each of valid) {
      const before = await judge(each, each.receipt);
      expect(before.verdict).toBe('VALID');
      for (let count = 0; count < FLIPS_A_RECEIPT; count += 1) {
        const at = randomInt(each.receipt.length);
        const changed = flip(each.receipt, at, 1 << randomInt(8));
        const report = await judge(each, changed);
        if (report.verdict !== 'VALID') continue;
        expect(whole(report)).toBe(whole(before));
        expect(await authenticatedPart(changed)).toBe(await authenticatedPart(each.receipt));
      }
    }
  });

  test('what is made of receipts at random neither throws nor proves anything new', async () => {
    const known = new Set<string>();
    for (const each of valid) known.add(proved(await judge(each, each.receipt)));
    for (let count = 0; count < FUZZED; count += 1) {
      const each = valid[randomInt(valid.length)] as ReceiptCase;
      const report = await judge(each, mutate(each.receipt, valid));
      if (report.verdict === 'VALID') expect(known).toContain(proved(report));
    }
  });

  test('a Buffer is judged as any other bytes are, and stays as it was', async () => {
    for (const each of valid) {
      const given = Buffer.from(each.receipt);
      for (let round = 0; round < 2; round += 1) expect((await judge(each, given)).verdict).toBe('VALID');
      expect(given.equals(each.receipt)).toBe(true);
    }
  });

  test('every receipt that can be read is its only form, in bytes and in JSON', () => {
    const readable = corpus.filter(({ expected }) => !expected.findings.some((line) => line.startsWith('format ')));
    for (const { receipt, name } of readable.filter(({ receipt: [first] }) => first !== 1)) {
      const decoded = decodeReceipt(receipt);
      expect({ name, hex: toHex(encodeReceipt(decoded)) }).toEqual({ name, hex: toHex(receipt) });
      if (decoded.others !== undefined) continue;
      const view = JSON.parse(JSON.stringify(receiptToJson(decoded))) as unknown;
      expect(toHex(encodeReceipt(receiptFromJson(view)))).toBe(toHex(receipt));
    }
  });

  test('base64url has one form', () => {
    const bytes = Uint8Array.of(251, 255, 1);
    expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes);
    for (const text of ['-_8B=', 'A', '+/8B', 'AB']) expect(() => fromBase64Url(text)).toThrow('RECEIPT_MALFORMED');
  });
});

describe('with every socket blocked', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  test('the answers are the same', async () => {
    const refuse = () => {
      throw new Error('a socket was opened');
    };
    jest.spyOn(net.Socket.prototype, 'connect').mockImplementation(refuse);
    jest.spyOn(dns, 'lookup').mockImplementation(refuse);
    jest.spyOn(globalThis, 'fetch').mockImplementation(refuse);
    expect(() => net.connect(1)).toThrow('a socket was opened');
    for (const each of corpus) {
      const report = await judge(each, each.receipt);
      expect({ name: each.name, verdict: report.verdict }).toEqual({ name: each.name, verdict: each.expected.verdict });
    }
  });
});
