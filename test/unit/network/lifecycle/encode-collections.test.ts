import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { readCollections, readDefinition } from '../../../../network/embedded/commit/definitions.js';
import { encodeCollections } from '../../../../network/embedded/lifecycle/encode-collections.js';
import { collection } from '../../../../network/plan/collections.js';
import { chainUpTo } from '../commit/vector-chain.js';

const vectors = join(__dirname, '../../../vectors/fabric-3.1.5');

test("collections of the file that Fabric's own command took become the very bytes that it committed", async () => {
  const terms = JSON.parse(readFileSync(join(vectors, 'collections.json'), 'utf8')) as unknown[];
  const { state } = await chainUpTo(3);
  const committed = readDefinition(state, 'evidence')?.collectionConfig ?? new Uint8Array();
  expect(committed.length).toBeGreaterThan(0);
  const encoded = encodeCollections(terms.map((each) => collection.parse(each)));
  expect(Buffer.from(encoded).toString('hex')).toBe(Buffer.from(committed).toString('hex'));
});

test('what is written is read again, endorsement policies of both kinds too', () => {
  const policy = "OR('AMSP.member')";
  const terms = [
    { name: 'own', policy, blockToLive: 7, endorsementPolicy: { signaturePolicy: "OR('AMSP.peer')" } },
    { name: 'channel', policy, memberOnlyWrite: true, endorsementPolicy: { channelConfigPolicy: '/Channel/X' } },
    { name: 'plain', policy },
  ].map((each) => collection.parse(each));
  const [own, channel, plain] = readCollections(encodeCollections(terms));
  expect(own).toMatchObject({ name: 'own', blockToLive: 7n, memberOnlyWrite: false, maximumPeerCount: 1 });
  expect(own?.endorsementPolicy?.[0]).toBe(0x0a); // Field 1, signature_policy.
  expect(channel).toMatchObject({ memberOnlyWrite: true, blockToLive: 0n });
  expect(Buffer.from(channel?.endorsementPolicy ?? []).toString('latin1')).toBe('\x12\x0a/Channel/X');
  expect(plain?.endorsementPolicy).toBeUndefined();
  expect(encodeCollections([])).toHaveLength(0);
});
