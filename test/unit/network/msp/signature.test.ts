import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { DerReader, DerTag, derUnsigned, encodeDer, encodeDerUnsigned } from '../../../../network/embedded/msp/der.js';
import { rememberOwn, toLowS, verifyRemembered, verifySignature } from '../../../../network/embedded/msp/signature.js';
import { readEnvelope } from '../../../../network/embedded/wire/envelope.js';
import { readBlock } from '../../../../network/embedded/wire/block.js';
import { blockBytes, vectorRegistry } from './vectors.js';

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const message = Buffer.from('the statement');

function numbers(signature: Uint8Array): [bigint, bigint] {
  const body = new DerReader(signature).open(DerTag.sequence);
  return [derUnsigned(body.next().content), derUnsigned(body.next().content)];
}

function encode(r: bigint, s: bigint): Buffer {
  return encodeDer(DerTag.sequence, encodeDerUnsigned(r), encodeDerUnsigned(s));
}

const low = toLowS(sign('sha256', message, privateKey));
const [r, s] = numbers(low);

describe('ECDSA signatures as Fabric demands them', () => {
  test('a signature is valid in its low form only', () => {
    const high = encode(r, order - s);
    expect(s <= order / 2n).toBe(true);
    expect(toLowS(low)).toEqual(low);
    expect(toLowS(high)).toEqual(low);
    expect(verifySignature(publicKey, message, low)).toBe(true);
    expect(verifySignature(publicKey, message, high)).toBe(false);
  });

  test('bytes after the two numbers are ignored, as Fabric ignores them', () => {
    expect(verifySignature(publicKey, message, Buffer.concat([low, Buffer.of(0)]))).toBe(true);
    const longer = Buffer.concat([low.subarray(0, 1), Buffer.of((low[1] ?? 0) + 1), low.subarray(2), Buffer.of(0)]);
    expect(verifySignature(publicKey, message, longer)).toBe(true);
  });

  test('another message, another key and every flipped bit make it invalid', () => {
    expect(verifySignature(publicKey, Buffer.from('another'), low)).toBe(false);
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(verifySignature(other.publicKey, message, low)).toBe(false);
    for (let bit = 0; bit < low.length * 8; bit += 1) {
      const flipped = Buffer.from(low);
      flipped.writeUInt8((flipped.at(bit >> 3) ?? 0) ^ (1 << (bit & 7)), bit >> 3);
      expect(verifySignature(publicKey, message, flipped)).toBe(false);
    }
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['rubbish', Buffer.from('rubbish')],
    ['r of zero', encode(0n, s)],
    ['s of zero', encode(r, 0n)],
    ['r over the order', encode(r + order, s)],
    ['numbers of 5,000 digits', encode(10n ** 5000n, s)],
    ['a negative r', Buffer.from('3006020180020101', 'hex')],
    ['a length over the end', Buffer.from('30ff', 'hex')],
    ['an unlimited length', Buffer.from('30800201010201010000', 'hex')],
  ])('%s is no signature and no error', (_, bytes) => {
    expect(verifySignature(publicKey, message, bytes)).toBe(false);
  });

  test('a key that is not elliptic verifies nothing', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    expect(verifySignature(rsa.publicKey, message, low)).toBe(false);
  });

  test('a remembered verdict belongs to its key, message and signature', () => {
    expect(verifyRemembered('a', publicKey, message, low)).toBe(true);
    expect(verifyRemembered('a', publicKey, message, low)).toBe(true);
    expect(verifyRemembered('a', publicKey, Buffer.from('another'), low)).toBe(false);
    expect(verifyRemembered('a', publicKey, message, encode(r, s - 1n))).toBe(false);
    expect(verifyRemembered('b', createPublicKey(otherKeyPem()), message, low)).toBe(false);
    expect(verifyRemembered('a', publicKey, message, low)).toBe(true);
  });

  test('a signature of this process counts for its own key, message and bytes alone', () => {
    const own = Buffer.from('not verified, since the process made it');
    rememberOwn('c', message, own);
    expect(verifyRemembered('c', publicKey, message, own)).toBe(true);
    expect(verifyRemembered('c', publicKey, Buffer.from('another'), own)).toBe(false);
    expect(verifyRemembered('d', publicKey, message, own)).toBe(false);
    expect(verifyRemembered('c', publicKey, message, low.subarray(1))).toBe(false);
  });
});

function otherKeyPem(): string {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
}

describe("signatures in a real network's blocks", () => {
  const registry = vectorRegistry();

  test.each([1, 2, 3, 4, 9, 10, 12, 13, 15, 17, 18, 19, 21])('block %i: every client signed its envelope', (number) => {
    const { envelopes } = readBlock(blockBytes(`block_${number}.pb`));
    expect(envelopes.length).toBeGreaterThan(0);
    for (const bytes of envelopes) {
      const { payload, signature, signatureHeader } = readEnvelope(bytes);
      const creator = registry.deserialize(signatureHeader.creator);
      expect(creator.verify(payload, signature)).toBe(true);
      expect(creator.verify(payload.subarray(1), signature)).toBe(false);
    }
  });
});
