import { common } from '@hyperledger/fabric-protos';
import { sha256 } from '@noble/hashes/sha2.js';
import { toHex } from '../../../proof/bytes.js';
import { readSignedBlock } from '../../../proof/fabric/block.js';
import { distilTrustRoot, walkConfigBlocks } from '../../../proof/trust/distil.js';
import { encodeTrustRoot, parseTrustRoot, readTrustRoot, trustRootFingerprints } from '../../../proof/trust/parse.js';
import { type TrustRoot } from '../../../proof/trust/trust-root.js';
import { BLOCK_NUMBERS, certificatePem, ordererBlockBytes } from '../../vectors/vectors.js';
import { TestConsortium } from '../../support/receipts/consortium.js';

/** Which of the real network's blocks changed the configuration: block 21 holds its only update. */
const CHOSEN: Pick<TrustRoot, 'policy' | 'identities' | 'timestampAuthorities'> = {
  policy: {
    organisationsMin: 3,
    organisations: ['BeijingMSP', 'ChongqingMSP', 'GuangdongMSP', 'ZhejiangMSP'],
    chaincodes: [{ name: 'evidence', versions: ['1.0'] }],
    standingAgeMsMax: 86_400_000,
  },
  identities: [
    { mspId: 'BeijingMSP', certificate: certificatePem('beijing.example/certs/peer0.beijing.example-cert.pem') },
  ],
  timestampAuthorities: [],
};
const GENESIS = ordererBlockBytes(0);
const UPDATE = ordererBlockBytes(21);

function changed(bytes: Uint8Array, change: (block: common.Block) => void): Uint8Array {
  const block = common.Block.deserializeBinary(bytes);
  change(block);
  return block.serializeBinary();
}

/** Keeps only so many signatures of a block. */
function withSignatures(bytes: Uint8Array, keep: (list: common.MetadataSignature[]) => common.MetadataSignature[]) {
  return changed(bytes, (block) => {
    const list = block.getMetadata()?.getMetadataList_asU8() ?? [];
    const metadata = common.Metadata.deserializeBinary(list[0] ?? new Uint8Array());
    metadata.setSignaturesList(keep(metadata.getSignaturesList()));
    block.getMetadata()?.setMetadataList([metadata.serializeBinary(), ...list.slice(1)]);
  });
}

describe('the trust root of a real Fabric 3.1.5 network with BFT orderers', () => {
  test('has an epoch for each configuration, organisations and consenters, and survives its file', async () => {
    const root = await distilTrustRoot([GENESIS, UPDATE], CHOSEN);
    expect(root.epochs.map(({ configBlock, sequence }) => [configBlock, sequence])).toEqual([
      [0, 0],
      [21, 1],
    ]);
    const [first] = root.epochs;
    expect(first?.consensus).toBe('BFT');
    expect(first?.ordering).toMatchObject({ rule: 'quorum', quorum: 3 });
    expect(first?.organisations.map(({ mspId }) => mspId)).toHaveLength(4);
    expect(first?.organisations[0]?.nodeUnits?.peer.unit).toBe('peer');
    expect(readTrustRoot(encodeTrustRoot(root))).toEqual(root);
    expect(trustRootFingerprints(root)['sha-256']).toBe(toHex(sha256(encodeTrustRoot(root))));
  });

  test.each([
    ['a quorum less one', () => [GENESIS, withSignatures(UPDATE, (list) => list.slice(0, 2))]],
    [
      'one consenter thrice',
      () => [GENESIS, withSignatures(UPDATE, ([first]) => (first ? [first, first, first] : []))],
    ],
    [
      'another header',
      () => [GENESIS, changed(UPDATE, (block) => block.getHeader()?.setPreviousHash(new Uint8Array(32)))],
    ],
    ['no genesis', () => [UPDATE]],
    ['nothing', () => []],
    ['the genesis again', () => [GENESIS, GENESIS]],
  ])('refuses a chain with %s', async (_, blocks) => {
    await expect(walkConfigBlocks(blocks())).rejects.toThrow('CONFIG_CHAIN_BROKEN');
  });

  test('refuses changed data, and blocks without a configuration', async () => {
    const forged = changed(UPDATE, (block) => block.getData()?.setDataList([Uint8Array.of(1, 2, 3)]));
    await expect(walkConfigBlocks([GENESIS, forged])).rejects.toThrow('CONFIG_MALFORMED');
    await expect(walkConfigBlocks([GENESIS, ordererBlockBytes(4)])).rejects.toThrow('CONFIG_MALFORMED');
  });

  test.each(BLOCK_NUMBERS)('reads what was signed of block %i', (number) => {
    const block = readSignedBlock(ordererBlockBytes(number));
    expect(block.number).toBe(number);
    expect(toHex(sha256(block.data))).toBe(toHex(block.dataHash));
  });
});

describe('a trust root as a file', () => {
  test.each([
    ['an unknown member', (root: TrustRoot) => ({ ...root, more: 1 })],
    ['an unknown member inside', (root: TrustRoot) => ({ ...root, policy: { ...root.policy, any: true } })],
    [
      'more organisations wanted than there are',
      (root: TrustRoot) => ({ ...root, policy: { ...root.policy, organisationsMin: 5 } }),
    ],
    ['no epoch', (root: TrustRoot) => ({ ...root, epochs: [] })],
    ['epochs out of order', (root: TrustRoot) => ({ ...root, epochs: [...root.epochs, ...root.epochs] })],
    ['another schema', (root: TrustRoot) => ({ ...root, schema: 'trust-root/2' })],
    ['a word for a number', (root: TrustRoot) => ({ ...root, policy: { ...root.policy, organisationsMin: '3' } })],
  ])('is refused with %s', async (_, change) => {
    const { trust } = await TestConsortium.create();
    expect(parseTrustRoot(trust)).toEqual(trust);
    expect(() => parseTrustRoot(change(trust))).toThrow('TRUST_ROOT_MALFORMED');
  });
});
