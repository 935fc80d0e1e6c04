import { createHash } from 'node:crypto';

import { common, ledger, peer } from '@hyperledger/fabric-protos';

/** A transaction of a block, read with Fabric's own messages: this reader shares no code with the network. */
export interface ChainTransaction {
  readonly blockNumber: number;
  readonly index: number;
  readonly txId: string;
  /** Name of the validation code, `VALID`. */
  readonly code: string;
  readonly chaincode: string;
  readonly event: { readonly name: string; readonly payload: string } | undefined;
  /** Keys that it writes in the chaincode's own namespace, whatever became of it. */
  readonly writes: readonly string[];
}

/** A block's own facts. */
export interface ChainBlock {
  readonly number: number;
  readonly previousHash: Buffer;
  readonly dataHash: Buffer;
  /** SHA-256 of the envelopes that are in it. */
  readonly contentHash: Buffer;
  readonly transactions: readonly ChainTransaction[];
}

const CODE_NAMES = new Map(Object.entries(peer.TxValidationCode).map(([name, code]) => [Number(code), name]));

/** Name of a `peer.TxValidationCode`. */
export function codeName(code: number | undefined): string {
  return CODE_NAMES.get(code ?? -1) ?? `code ${String(code)}`;
}

/** @param bytes of common.Block */
export function readChainBlock(bytes: Uint8Array): ChainBlock {
  const block = common.Block.deserializeBinary(bytes);
  const header = block.getHeader() ?? new common.BlockHeader();
  const number = header.getNumber();
  const codes = block.getMetadata()?.getMetadataList_asU8()[common.BlockMetadataIndex.TRANSACTIONS_FILTER] ?? [];
  const envelopes = block.getData()?.getDataList_asU8() ?? [];
  const content = createHash('sha256');
  for (const envelope of envelopes) content.update(envelope);
  return {
    number,
    previousHash: Buffer.from(header.getPreviousHash_asU8()),
    dataHash: Buffer.from(header.getDataHash_asU8()),
    contentHash: content.digest(),
    transactions: envelopes.map((envelope, index) => ({
      blockNumber: number,
      index,
      code: codeName(codes[index]),
      ...readTransaction(envelope),
    })),
  };
}

/**
 * What the next block's `previousHash` must be: SHA-256, hex, of DER SEQUENCE { INTEGER number, OCTET STRING previous
 * hash, OCTET STRING data hash }. Source: Fabric protoutil/blockutils.go. @param bytes of common.Block
 */
export function headerHash(bytes: Uint8Array): string {
  const { number, previousHash, dataHash } = readChainBlock(bytes);
  const hex = number.toString(16);
  const digits = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  const integer = (digits[0] ?? 0) < 0x80 ? digits : Buffer.concat([Buffer.of(0), digits]);
  const body = Buffer.concat([der(0x02, integer), der(0x04, previousHash), der(0x04, dataHash)]);
  return createHash('sha256').update(der(0x30, body)).digest('hex');
}

function der(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.of(tag, content.length), content]); // All of them are shorter than 128 bytes.
}

/** All transactions of a chain in its order. @param blocks bytes of common.Block */
export function readTransactions(blocks: readonly Uint8Array[]): ChainTransaction[] {
  return blocks.flatMap((bytes) => [...readChainBlock(bytes).transactions]);
}

type Content = Pick<ChainTransaction, 'txId' | 'chaincode' | 'event' | 'writes'>;

function readTransaction(envelope: Uint8Array): Content {
  const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(envelope).getPayload_asU8());
  const header = common.ChannelHeader.deserializeBinary(
    payload.getHeader()?.getChannelHeader_asU8() ?? new Uint8Array(),
  );
  const txId = header.getTxId();
  if (header.getType() !== common.HeaderType.ENDORSER_TRANSACTION) {
    return { txId, chaincode: '', event: undefined, writes: [] };
  }
  const action = readAction(payload.getData_asU8());
  const chaincode = action.getChaincodeId()?.getName() ?? '';
  const event = peer.ChaincodeEvent.deserializeBinary(action.getEvents_asU8());
  return {
    txId,
    chaincode,
    event:
      event.getEventName() === ''
        ? undefined
        : { name: event.getEventName(), payload: Buffer.from(event.getPayload_asU8()).toString() },
    writes: readWrites(action.getResults_asU8(), chaincode),
  };
}

function readAction(data: Uint8Array): peer.ChaincodeAction {
  const action = peer.Transaction.deserializeBinary(data).getActionsList()[0]?.getPayload_asU8();
  const endorsed = peer.ChaincodeActionPayload.deserializeBinary(action ?? new Uint8Array()).getAction();
  const response = endorsed?.getProposalResponsePayload_asU8() ?? new Uint8Array();
  return peer.ChaincodeAction.deserializeBinary(
    peer.ProposalResponsePayload.deserializeBinary(response).getExtension_asU8(),
  );
}

function readWrites(results: Uint8Array, chaincode: string): string[] {
  const sets = ledger.rwset.TxReadWriteSet.deserializeBinary(results).getNsRwsetList();
  const own = sets.find((set) => set.getNamespace() === chaincode)?.getRwset_asU8() ?? new Uint8Array();
  return ledger.rwset.kvrwset.KVRWSet.deserializeBinary(own)
    .getWritesList()
    .map((write) => write.getKey());
}
