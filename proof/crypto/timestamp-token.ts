import { id_signedData, ContentInfo, SignedData, type SignerInfo } from '@peculiar/asn1-cms';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { id_ct_tstInfo, TSTInfo } from '@peculiar/asn1-tsp';
import { copy, toHex } from '../bytes.js';
import { ProofError } from '../proof-error.js';
import { type Certificate, nameHex, readCertificate, serialHex } from './certificate.js';
import { childrenOf, contentOf, derLength } from './der.js';
import { DIGEST_NAMES } from './generic-signature.js';

const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_CERTIFICATE = '1.2.840.113549.1.9.16.2.12';
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47';

const EMPTY = new Uint8Array(0);

/** A time-stamp token (RFC 3161 section 2.4.2), read but not judged. */
export interface TimestampToken {
  /** The signed content, DER of `TSTInfo`. */
  readonly content: Uint8Array;
  readonly policy: string;
  /** Object identifier of the imprint's algorithm, and the imprint. */
  readonly imprintAlgorithm: string;
  readonly imprint: Uint8Array;
  readonly serial: string;
  readonly genTimeMs: number;
  readonly signer: TokenSigner;
  /** Certificates that the token brings along. */
  readonly certificates: readonly Certificate[];
}

/** Who signed a token and over what. */
export interface TokenSigner {
  /** Issuer's name and serial number, as in {@link Certificate}. */
  readonly issuer: string;
  readonly serial: string;
  /** Web Crypto's name of the digest, undefined where it is not known here. */
  readonly digest: string | undefined;
  readonly algorithm: string;
  readonly signature: Uint8Array;
  /** DER of the signed attributes as a SET, which is what is signed (RFC 5652 section 5.4). */
  readonly signed: Uint8Array;
  /** From the attributes. */
  readonly contentType: string;
  readonly messageDigest: Uint8Array;
  /** Hash of the signing certificate: SHA-1 (ESSCertID) where 20 bytes, SHA-256 (ESSCertIDv2) where 32. */
  readonly certificateHash: Uint8Array;
}

/** @throws {ProofError} TOKEN_MALFORMED */
export function readTimestampToken(der: Uint8Array): TimestampToken {
  try {
    if (derLength(der) !== der.length) throw new Error('bytes behind the end');
    return extract(copy(der));
  } catch (cause) {
    throw new ProofError('TOKEN_MALFORMED', 'a time-stamp token as in RFC 3161 is wanted', { cause });
  }
}

function extract(der: Uint8Array): TimestampToken {
  const outer = AsnConvert.parse(der, ContentInfo);
  if (outer.contentType !== id_signedData) throw new Error('not signed data');
  const data = AsnConvert.parse(outer.content, SignedData);
  const { eContentType, eContent } = data.encapContentInfo;
  const [signer, ...more] = data.signerInfos;
  if (eContentType !== id_ct_tstInfo || signer === undefined || more.length > 0) throw new Error('not a token');
  const content = new Uint8Array(eContent?.single?.buffer ?? new ArrayBuffer(0));
  const info = AsnConvert.parse(content, TSTInfo);
  return {
    content,
    policy: info.policy,
    imprintAlgorithm: info.messageImprint.hashAlgorithm.algorithm,
    imprint: new Uint8Array(info.messageImprint.hashedMessage.buffer),
    serial: serialHex(new Uint8Array(info.serialNumber)),
    genTimeMs: info.genTime.getTime(),
    signer: readSigner(signer, signedAttributes(der)),
    certificates: certificatesOf(der),
  };
}

function readSigner(info: SignerInfo, signed: Uint8Array): TokenSigner {
  const by = info.sid.issuerAndSerialNumber;
  if (by === undefined) throw new Error('a signer by issuer and serial is wanted');
  const attribute = (type: string): ArrayBuffer | undefined => {
    const found = (info.signedAttrs ?? []).filter(({ attrType }) => attrType === type);
    return found.length === 1 && found[0]?.attrValues.length === 1 ? found[0].attrValues[0] : undefined;
  };
  return {
    issuer: nameHex(by.issuer),
    serial: serialHex(new Uint8Array(by.serialNumber)),
    digest: DIGEST_NAMES.get(info.digestAlgorithm.algorithm),
    algorithm: info.signatureAlgorithm.algorithm,
    signature: new Uint8Array(info.signature.buffer),
    signed,
    contentType: toHex(new Uint8Array(attribute(CONTENT_TYPE) ?? new ArrayBuffer(0))),
    messageDigest: new Uint8Array(AsnConvert.parse(required(attribute(MESSAGE_DIGEST)), OctetString).buffer),
    certificateHash: firstHash(
      new Uint8Array(required(attribute(SIGNING_CERTIFICATE_V2) ?? attribute(SIGNING_CERTIFICATE))),
    ),
  };
}

/**
 * The signed attributes, byte for byte: ContentInfo, its content, the last member of SignedData, its one SignerInfo,
 * and there the fourth member, sent with the tag [0] but signed as a SET.
 */
function signedAttributes(der: Uint8Array): Uint8Array {
  const [signerInfo = EMPTY] = childrenOf(membersOf(der).at(-1) ?? EMPTY);
  const attributes = childrenOf(signerInfo)[3] ?? EMPTY;
  if (attributes[0] !== 0xa0) throw new Error('signed attributes are wanted');
  const signed = copy(attributes);
  signed[0] = 0x31;
  return signed;
}

/** Every certificate, byte for byte, because its hash is signed over: the member of SignedData with the tag [0]. */
function certificatesOf(der: Uint8Array): Certificate[] {
  const set = membersOf(der).find(([tag], index) => tag === 0xa0 && index > 2);
  return set === undefined ? [] : childrenOf(set).map(readCertificate);
}

/** The members of SignedData. */
function membersOf(der: Uint8Array): Uint8Array[] {
  const [, content = EMPTY] = childrenOf(der);
  const [signedData = EMPTY] = childrenOf(content);
  return childrenOf(signedData);
}

function required(value: ArrayBuffer | undefined): ArrayBuffer {
  if (value === undefined) throw new Error('a signed attribute is missing');
  return value;
}

/**
 * The first certificate hash of `SigningCertificate` or `SigningCertificateV2` (RFC 5035 section 4): down three
 * SEQUENCEs, past an algorithm where the default is not used, to an OCTET STRING.
 */
function firstHash(der: Uint8Array): Uint8Array {
  let rest = der;
  for (let depth = 0; depth < 3; depth += 1) rest = contentOf(rest, 0x30);
  if (rest[0] === 0x30) rest = rest.subarray(derLength(rest));
  return contentOf(rest, 0x04);
}
