import { common } from '@hyperledger/fabric-protos';

import { readChannelConfig } from '../../../../network/embedded/config/channel-config.js';
import { serializeIdentity } from '../../../../network/embedded/msp/msp.js';
import { type Block, readBlock } from '../../../../network/embedded/wire/block.js';
import { readEnvelope } from '../../../../network/embedded/wire/envelope.js';
import { type BlockSignature, readOrdererMetadata } from '../../../../network/embedded/wire/metadata.js';
import { computeProposalHash, computeTxId } from '../../../../network/embedded/wire/proposal.js';
import { readEndorserTransaction, readResponsePayload } from '../../../../network/embedded/wire/transaction.js';
import { BLOCK_NUMBERS, ordererBlockBytes, peerBlockBytes } from '../../../vectors/vectors.js';

const { config, msps } = readChannelConfig(peerBlockBytes(0));
const signed = BLOCK_NUMBERS.filter((number) => number > 0);
const transactions = BLOCK_NUMBERS.flatMap((number) =>
  readBlock(peerBlockBytes(number)).envelopes.map((bytes, index) => ({ number, index, envelope: readEnvelope(bytes) })),
).filter(({ envelope }) => envelope.channelHeader.type === common.HeaderType.ENDORSER_TRANSACTION);

/** Serialized identities of the BFT consenters by their number, from the channel's configuration. */
const consenters = new Map(
  common.Orderers.deserializeBinary(
    config.getChannelGroup()?.getGroupsMap().get('Orderer')?.getValuesMap().get('Orderers')?.getValue_asU8() ??
      new Uint8Array(0),
  )
    .getConsenterMappingList()
    .map((each) => [each.getId(), serializeIdentity(each.getMspId(), each.getIdentity_asU8())]),
);

function holds({ signer, signature, signedBytes }: BlockSignature): boolean {
  const identity = 'identifier' in signer ? consenters.get(signer.identifier) : signer.creator;
  return identity !== undefined && msps.deserialize(identity).verify(signedBytes, signature);
}

function signaturesOf(block: Block): readonly BlockSignature[] {
  return readOrdererMetadata(block).signatures;
}

test.each(signed)('three of four BFT orderers signed block %i, as an orderer and as a peer stored it', (number) => {
  for (const bytes of [ordererBlockBytes(number), peerBlockBytes(number)]) {
    const signatures = signaturesOf(readBlock(bytes));
    expect(signatures).toHaveLength(3);
    expect(signatures.map(holds)).toEqual([true, true, true]);
    const numbers = signatures.map(({ signer }) => ('identifier' in signer ? signer.identifier : 0));
    expect(new Set(numbers).size).toBe(3);
  }
});

test('an orderer signature does not hold for another header', () => {
  const block = readBlock(peerBlockBytes(3));
  expect(signaturesOf({ ...block, number: 4n }).map(holds)).toEqual([false, false, false]);
});

test('the signed metadata of a block names the last configuration', () => {
  expect(signed.map((number) => readOrdererMetadata(readBlock(peerBlockBytes(number))).lastConfig)).toEqual(
    signed.map((number) => (number < 21 ? 0n : 21n)),
  );
});

test.each(transactions)('transaction $index of block $number is bound to its creator and proposal', ({ envelope }) => {
  const { signatureHeader, channelHeader, channelHeaderBytes, payload, signature, data } = envelope;
  expect(msps.deserialize(signatureHeader.creator).verify(payload, signature)).toBe(true);
  expect(channelHeader.txId).toBe(computeTxId(signatureHeader));
  const { signatureHeaderBytes, proposalPayload, responsePayload } = readEndorserTransaction(data);
  const hash = computeProposalHash({ channelHeaderBytes, signatureHeaderBytes }, proposalPayload);
  expect(Buffer.from(hash)).toEqual(Buffer.from(readResponsePayload(responsePayload).proposalHash));
});

test.each(transactions)('every endorsement of transaction $index of block $number holds', ({ envelope }) => {
  const { endorsements, responsePayload } = readEndorserTransaction(envelope.data);
  expect(endorsements.length).toBeGreaterThan(0);
  for (const { endorser, signature } of endorsements) {
    const identity = msps.deserialize(endorser);
    expect(identity.verify(Buffer.concat([responsePayload, endorser]), signature)).toBe(true);
    expect(identity.verify(responsePayload, signature)).toBe(false);
  }
});
