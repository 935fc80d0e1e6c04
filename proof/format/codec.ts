import { sha256 } from '@noble/hashes/sha2.js';
import { toHex } from '../bytes.js';
import { ProofError } from '../proof-error.js';
import { decodeCbor, encodeCbor, isMap } from './cbor.js';
import { type Attestation, ATTESTATION, CRITICAL_KEYS, IDENTITY_REF_BYTES, type Receipt } from './receipt.js';
import { RECEIPT, RECEIPT_BYTES_MAX, RECEIPT_VERSION } from './receipt.js';
import { readShaped, unviewShaped, type View, viewShaped, writeShaped } from './shape.js';

/** The one form of a receipt in bytes. @throws {ProofError} RECEIPT_MALFORMED for what {@link decodeReceipt} would refuse */
export function encodeReceipt(receipt: Receipt): Uint8Array {
  const { others, ...critical } = receipt;
  const known = writeShaped(RECEIPT, critical);
  const bytes = encodeCbor(new Map([...(isMap(known) ? known : []), ...(others ?? [])]));
  decodeReceipt(bytes);
  return bytes;
}

/**
 * Reads a whole receipt, `.yz`. Encoding the result gives the same bytes again.
 * @throws {ProofError} CBOR_MALFORMED, RECEIPT_TOO_LARGE, RECEIPT_VERSION, RECEIPT_CRITICAL_FIELD, RECEIPT_MALFORMED,
 * RECEIPT_IDENTITY
 */
export function decodeReceipt(bytes: Uint8Array): Receipt {
  if (bytes.length > RECEIPT_BYTES_MAX) throw new ProofError('RECEIPT_TOO_LARGE', `above ${RECEIPT_BYTES_MAX} bytes`);
  const map = decodeCbor(bytes);
  if (!isMap(map)) throw new ProofError('RECEIPT_MALFORMED', 'a receipt is a map');
  const version = map.get(0);
  if (version !== RECEIPT_VERSION) throw new ProofError('RECEIPT_VERSION', `version ${RECEIPT_VERSION} is wanted`);
  const critical = new Map([...map].filter(([key]) => key < CRITICAL_KEYS));
  const known = new Set(Object.values(RECEIPT.members).map(({ key }) => key));
  const stray = [...critical.keys()].find((key) => !known.has(key));
  if (stray !== undefined) throw new ProofError('RECEIPT_CRITICAL_FIELD', `member ${stray} is not known here`);
  const others = new Map([...map].filter(([key]) => key >= CRITICAL_KEYS));
  const receipt = readShaped(RECEIPT, critical, 'receipt');
  demandUsed(receipt);
  return { ...receipt, ...(others.size === 0 ? {} : { others }) };
}

/** Nothing would notice what happens to a certificate that nobody looks at, so none is carried. @throws {ProofError} */
function demandUsed({ attestation, audit, seal, identities = [] }: Receipt): void {
  const unused = new Set(
    [attestation, ...(audit === undefined ? [] : [audit])]
      .flatMap(({ creator, signatures }) => [creator, ...signatures.map(({ endorser }) => endorser)])
      .concat(seal === undefined ? [] : [seal.signer])
      .map(toHex),
  );
  // What was met once is taken out, so that a second one of the same name is met by nothing.
  const stray = identities.find((identity) => !unused.delete(toHex(identityRef(identity))));
  if (stray !== undefined) throw new ProofError('RECEIPT_IDENTITY', 'every identity is referred to, and carried once');
}

/** The same content for people and scripts: names as in {@link RECEIPT}, bytes in base64. `others` are left out. */
export function receiptToJson(receipt: Receipt): View {
  return viewShaped(RECEIPT, receipt);
}

/** The receipt that a JSON view stands for. @param view parsed JSON. @throws {ProofError} as {@link decodeReceipt} */
export function receiptFromJson(view: unknown): Receipt {
  return decodeReceipt(encodeCbor(unviewShaped(RECEIPT, view, 'receipt')));
}

/** Deterministic CBOR of an attestation: what seals sign and time-stamps are taken over. */
export function attestationBytes(attestation: Attestation): Uint8Array {
  return encodeCbor(writeShaped(ATTESTATION, attestation));
}

/** How a receipt names an identity. @param identity bytes of `msp.SerializedIdentity` */
export function identityRef(identity: Uint8Array): Uint8Array {
  return sha256(identity).slice(0, IDENTITY_REF_BYTES);
}
