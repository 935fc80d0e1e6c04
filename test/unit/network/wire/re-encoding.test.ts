import { common } from '@hyperledger/fabric-protos';

import { readBlock } from '../../../../network/embedded/wire/block.js';
import {
  encodeChaincodeName,
  encodeChannelHeader,
  encodeEnvelope,
  encodePayload,
  encodeSignatureHeader,
  readChaincodeName,
  readEnvelope,
} from '../../../../network/embedded/wire/envelope.js';
import { readTxRwSet } from '../../../../network/embedded/wire/rwset-reader.js';
import { encodeTxRwSet } from '../../../../network/embedded/wire/rwset-writer.js';
import {
  encodeChaincodeAction,
  encodeEndorserTransaction,
  encodeEvent,
  encodeResponsePayload,
  readChaincodeAction,
  readEndorserTransaction,
  readEvent,
  readResponsePayload,
} from '../../../../network/embedded/wire/transaction.js';
import { BLOCK_NUMBERS, peerBlockBytes } from '../../../vectors/vectors.js';

const envelopes = BLOCK_NUMBERS.flatMap((number) =>
  readBlock(peerBlockBytes(number)).envelopes.map((bytes, index) => ({ number, index, bytes: Buffer.from(bytes) })),
);
const transactions = envelopes.filter(
  ({ bytes }) => readEnvelope(bytes).channelHeader.type === common.HeaderType.ENDORSER_TRANSACTION,
);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test.each(envelopes)('envelope $index of block $number is put together again from its parts', ({ bytes }) => {
  const envelope = readEnvelope(bytes);
  const { channelHeader, signatureHeader } = envelope;
  expect(hex(encodeEnvelope(encodePayload(envelope, envelope.data), envelope.signature))).toBe(hex(bytes));
  expect(hex(encodeSignatureHeader(signatureHeader))).toBe(hex(envelope.signatureHeaderBytes));
  // A client may write a version, which nothing reads; the real ones here write none.
  if (channelHeader.type === common.HeaderType.ENDORSER_TRANSACTION) {
    expect(hex(encodeChannelHeader(channelHeader))).toBe(hex(envelope.channelHeaderBytes));
  }
});

test.each(transactions)('transaction $index of block $number re-encodes at every level', ({ bytes }) => {
  const { data, channelHeader } = readEnvelope(bytes);
  const transaction = readEndorserTransaction(data);
  expect(hex(encodeEndorserTransaction(transaction))).toBe(hex(data));
  const payload = readResponsePayload(transaction.responsePayload);
  expect(hex(encodeResponsePayload(payload))).toBe(hex(transaction.responsePayload));
  const action = readChaincodeAction(payload.extension);
  expect(hex(encodeChaincodeAction(action))).toBe(hex(payload.extension));
  expect(hex(encodeTxRwSet(readTxRwSet(action.results)))).toBe(hex(action.results));
  expect(hex(encodeEvent(readEvent(action.events)))).toBe(hex(action.events));
  const name = readChaincodeName(channelHeader.extension);
  expect(name).toBe(action.chaincodeId?.name);
  expect(hex(encodeChaincodeName(name ?? ''))).toBe(hex(channelHeader.extension));
});
