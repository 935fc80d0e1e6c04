import { common, msp, peer } from '@hyperledger/fabric-protos';

import { type CertificateFacts } from '../../domain/actor.js';
import { optional } from '../../domain/fields.js';
import { readCertificateFacts } from '../identity/certificate.js';

/** One transaction of a block, valid or not. What an invalid one says is a claim that no peer accepted. */
export interface LedgerTransaction {
  /** Place in the block, from 0. */
  readonly index: number;
  /** As its header states it; empty where it cannot be read. */
  readonly txId: string;
  readonly type: 'endorser' | 'config' | 'other' | 'unreadable';
  /** Name of the peer's validation code, `VALID` or a reason (peer/transaction.proto, TxValidationCode). */
  readonly code: string;
  /** The client's own claim, RFC 3339 in UTC with milliseconds; absent where it is no time at all. */
  readonly time?: string;
  readonly creator?: CertificateFacts;
  /** MSP ids of those whose endorsements it carries, sorted, each once. */
  readonly endorsers: readonly string[];
  readonly chaincode?: string;
  readonly event?: { readonly name: string; readonly payload: string };
}

const TYPES: ReadonlyMap<number, LedgerTransaction['type']> = new Map([
  [common.HeaderType.ENDORSER_TRANSACTION, 'endorser'],
  [common.HeaderType.CONFIG, 'config'],
]);

/** @param envelope bytes of common.Envelope. @param code name of the validation code. Never throws. */
export function readTransaction(envelope: Uint8Array, index: number, code: string): LedgerTransaction {
  try {
    return { index, code, ...readEnvelope(envelope) };
  } catch {
    // Anyone may order garbage; it stands in the block for ever, so the reader must get past it.
    return { index, code, txId: '', type: 'unreadable', endorsers: [] };
  }
}

function readEnvelope(bytes: Uint8Array): Omit<LedgerTransaction, 'index' | 'code'> {
  const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(bytes).getPayload_asU8());
  const header = common.ChannelHeader.deserializeBinary(
    payload.getHeader()?.getChannelHeader_asU8() ?? new Uint8Array(),
  );
  const signature = common.SignatureHeader.deserializeBinary(
    payload.getHeader()?.getSignatureHeader_asU8() ?? new Uint8Array(),
  );
  const type = TYPES.get(header.getType()) ?? 'other';
  return {
    txId: header.getTxId(),
    type,
    ...optional('time', instant(header.getTimestamp()?.toDate())),
    ...optional('creator', readCreator(signature.getCreator_asU8())),
    ...(type === 'endorser' ? readAction(payload.getData_asU8()) : { endorsers: [] }),
  };
}

/** Fabric's peers accept exactly one action in a transaction (core/common/validation/msgvalidation.go). */
function readAction(data: Uint8Array): Pick<LedgerTransaction, 'endorsers' | 'chaincode' | 'event'> {
  const action = peer.Transaction.deserializeBinary(data).getActionsList()[0];
  const endorsed = peer.ChaincodeActionPayload.deserializeBinary(
    action?.getPayload_asU8() ?? new Uint8Array(),
  ).getAction();
  const response = peer.ProposalResponsePayload.deserializeBinary(
    endorsed?.getProposalResponsePayload_asU8() ?? new Uint8Array(),
  );
  const result = peer.ChaincodeAction.deserializeBinary(response.getExtension_asU8());
  const endorsers = (endorsed?.getEndorsementsList() ?? []).map((endorsement) =>
    msp.SerializedIdentity.deserializeBinary(endorsement.getEndorser_asU8()).getMspid(),
  );
  const event = peer.ChaincodeEvent.deserializeBinary(result.getEvents_asU8());
  return {
    endorsers: [...new Set(endorsers)].sort(),
    ...optional('chaincode', result.getChaincodeId()?.getName()),
    ...(event.getEventName() === ''
      ? {}
      : { event: { name: event.getEventName(), payload: Buffer.from(event.getPayload_asU8()).toString('utf8') } }),
  };
}

const CREATORS_MAX = 1_000;
const creators = new Map<string, CertificateFacts>();

/** Parsing a certificate costs more than the rest of a transaction, and few people sign many: the last ones are kept. */
function readCreator(bytes: Uint8Array): CertificateFacts | undefined {
  const key = Buffer.from(bytes).toString('latin1');
  const known = creators.get(key);
  if (known !== undefined) return known;
  const identity = msp.SerializedIdentity.deserializeBinary(bytes);
  try {
    const facts = readCertificateFacts(identity.getMspid(), identity.getIdBytes_asU8());
    if (creators.size >= CREATORS_MAX) creators.clear();
    creators.set(key, facts);
    return facts;
  } catch {
    return undefined;
  }
}

function instant(date: Date | undefined): string | undefined {
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
