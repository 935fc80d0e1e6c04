import { type Cbor } from './cbor.js';
import { type Shaped, type Shape } from './shape.js';

/** Media type of a whole receipt; files end in `.yz`. */
export const RECEIPT_MEDIA_TYPE = 'application/vnd.yinzheng.receipt+cbor';

/** The version that this code reads and writes. */
export const RECEIPT_VERSION = 1;

/** Largest receipt that is read, in bytes, before and after inflating. */
export const RECEIPT_BYTES_MAX = 4_194_304;

/** Members below this number are critical: a reader that does not know one refuses the receipt. */
export const CRITICAL_KEYS = 128;

/** Width of a reference to an identity: the first bytes of the SHA-256 of its `msp.SerializedIdentity`. */
export const IDENTITY_REF_BYTES = 8;

const PART_BYTES = 2_097_152;
const hash = { kind: 'bytes', min: 32, max: 32 } as const;
const identityRef = { kind: 'bytes', min: IDENTITY_REF_BYTES, max: IDENTITY_REF_BYTES } as const;
const signature = { kind: 'bytes', min: 8, max: 512 } as const;
const number = { kind: 'uint', max: Number.MAX_SAFE_INTEGER } as const;
const bytes = (max: number) => ({ kind: 'bytes', min: 1, max }) as const;
const map = <const M>(members: M) => ({ kind: 'map', members }) as const;
const list = <const S>(item: S, max: number, min = 0) => ({ kind: 'list', item, min, max }) as const;
const must = <const S>(key: number, shape: S) => ({ key, shape, required: true }) as const;
const may = <const S>(key: number, shape: S) => ({ key, shape, required: false }) as const;

/** A call that organisations endorsed and everything that is hashed and signed with it. Numbers: docs/formats/receipt.md. */
export const ATTESTATION = map({
  /** `protos.ProposalResponsePayload`, exactly as endorsed. */
  payload: must(0, bytes(PART_BYTES)),
  /** `common.ChannelHeader` up to the 64 characters of its transaction id. */
  headerBefore: must(1, bytes(1024)),
  /** The rest of it, behind the transaction id. */
  headerAfter: must(2, bytes(1024)),
  /** Of the proposal's signature header. */
  nonce: must(3, { kind: 'bytes', min: 16, max: 64 } as const),
  /** Whose proposal it was. */
  creator: must(4, identityRef),
  /** `protos.ChaincodeProposalPayload` without transient data: name and arguments of the call. */
  input: must(5, bytes(65_536)),
  signatures: must(6, list(map({ endorser: must(0, identityRef), signature: must(1, signature) }), 32, 1)),
});

/** One item of a batch: what was hashed into the leaf, and the way to the root. */
export const BATCH_PART = map({
  /** Canonical JSON of the item, `{"digests":{…}}`. */
  item: must(0, bytes(16_384)),
  salt: must(1, { kind: 'bytes', min: 16, max: 64 } as const),
  index: must(2, number),
  size: must(3, number),
  path: must(4, list(hash, 32)),
});

/** The block in which the record was written, as orderers signed it. */
export const ORDERING_PART = map({
  number: must(0, number),
  previousHash: must(1, { kind: 'bytes', min: 0, max: 32 } as const),
  dataHash: must(2, hash),
  /** `common.OrdererBlockMetadata`: the value of the block's SIGNATURES entry. */
  value: must(3, { kind: 'bytes', min: 0, max: 65_536 } as const),
  /** Exactly one of the headers each: a BFT consenter signs by its number, any other orderer by its certificate. */
  signatures: must(
    4,
    list(
      map({
        signatureHeader: may(0, bytes(8192)),
        identifierHeader: may(1, bytes(256)),
        signature: must(2, signature),
      }),
      64,
    ),
  ),
  /** The block's envelopes, joined: what the data hash is taken over. */
  data: must(5, bytes(PART_BYTES)),
});

/** An organisation's seal over the attestation. */
export const SEAL_PART = map({
  signer: must(0, identityRef),
  /** `sm2-sm3`. */
  algorithm: must(1, { kind: 'text', max: 64 } as const),
  signature: must(2, signature),
});

/** All critical members of a receipt. */
export const RECEIPT = map({
  version: must(0, number),
  channel: must(1, { kind: 'text', max: 249 } as const),
  /** SHA-256 of the genesis block's header: which channel of that name. */
  genesis: must(2, hash),
  /** Number of the channel's newest configuration block when the receipt was made. */
  configBlock: must(3, number),
  attestation: must(4, ATTESTATION),
  /** The value in the state, byte for byte. */
  record: may(5, bytes(PART_BYTES)),
  batch: may(6, BATCH_PART),
  ordering: may(7, ORDERING_PART),
  /** `qscc` `GetTransactionByID` of the transaction that wrote the record. */
  audit: may(8, ATTESTATION),
  /** `TimeStampToken` (RFC 3161) over the attestation. */
  timestamp: may(9, bytes(65_536)),
  seal: may(10, SEAL_PART),
  /** `msp.SerializedIdentity` of endorsers, creators and signers that a trust root need not list. */
  identities: may(11, list(bytes(16_384), 32)),
}) satisfies Shape;

/** @see ATTESTATION */
export type Attestation = Shaped<typeof ATTESTATION>;
/** @see BATCH_PART */
export type BatchPart = Shaped<typeof BATCH_PART>;
/** @see ORDERING_PART */
export type OrderingPart = Shaped<typeof ORDERING_PART>;
/** @see SEAL_PART */
export type SealPart = Shaped<typeof SEAL_PART>;

/** A receipt. What stands in `others` is not critical and not authenticated; it is kept so that bytes stay the same. */
export type Receipt = Shaped<typeof RECEIPT> & { readonly others?: ReadonlyMap<number, Cbor> };
