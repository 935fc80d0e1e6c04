import { encodeReceipt, identityRef } from '../../proof/format/codec.js';
import { type Attestation, type Receipt, RECEIPT_VERSION } from '../../proof/format/receipt.js';
import { splitChannelHeader } from '../../proof/fabric/proposal.js';
import { type Attestation as Signed } from '../ledger/attestation.js';

/** Which channel a receipt is of, and under which configuration it was made. */
export interface ChannelPlace {
  readonly channel: string;
  /** Hex of the SHA-256 of block 0's header. */
  readonly genesis: string;
  /** Number of the newest configuration block. */
  readonly configBlock: number;
}

/** What a receipt may hold besides its attestation. */
export type ReceiptParts = Pick<Receipt, 'record' | 'batch' | 'ordering' | 'timestamp' | 'seal'> & {
  readonly audit?: Signed;
  /** `msp.SerializedIdentity` of whoever sealed it. */
  readonly sealedBy?: Uint8Array;
};

/** The attestation in the form of receipts. Identities are named by reference; {@link buildReceipt} brings them along. */
export function attestationOf(signed: Signed): Attestation {
  const { before, after } = splitChannelHeader(signed.channelHeader, signed.txId);
  return {
    payload: signed.payload,
    headerBefore: before,
    headerAfter: after,
    nonce: signed.nonce,
    creator: identityRef(signed.creator),
    input: signed.proposalPayload,
    signatures: signed.endorsements.map(({ endorser, signature }) => ({ endorser: identityRef(endorser), signature })),
  };
}

/** Puts a whole receipt together, with every identity that it names. @returns `.yz` bytes. */
export function buildReceipt(place: ChannelPlace, signed: Signed, parts: ReceiptParts = {}): Uint8Array {
  const { audit, sealedBy, ...plain } = parts;
  return encodeReceipt({
    version: RECEIPT_VERSION,
    channel: place.channel,
    genesis: Buffer.from(place.genesis, 'hex'),
    configBlock: place.configBlock,
    attestation: attestationOf(signed),
    ...plain,
    ...(audit === undefined ? {} : { audit: attestationOf(audit) }),
    identities: identitiesOf(audit === undefined ? [signed] : [signed, audit], sealedBy),
  });
}

/** Every identity that signed, asked or sealed, each once, in the order of their bytes. */
export function identitiesOf(attestations: readonly Signed[], sealedBy?: Uint8Array): Uint8Array[] {
  const all = attestations
    .flatMap(({ creator, endorsements }) => [creator, ...endorsements.map(({ endorser }) => endorser)])
    .concat(sealedBy ?? []);
  const distinct = new Map(all.map((identity) => [Buffer.from(identity).toString('hex'), identity]));
  return [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, identity]) => identity);
}
