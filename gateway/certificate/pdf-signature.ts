import { createHash, type KeyObject, sign, X509Certificate } from 'node:crypto';

import {
  Attribute,
  CertificateChoices,
  CertificateSet,
  CMSVersion,
  ContentInfo,
  DigestAlgorithmIdentifier,
  DigestAlgorithmIdentifiers,
  EncapsulatedContentInfo,
  id_contentType,
  id_data,
  id_messageDigest,
  id_signedData,
  IssuerAndSerialNumber,
  SignatureAlgorithmIdentifier,
  SignedData,
  SignerIdentifier,
  SignerInfo,
  SignerInfos,
} from '@peculiar/asn1-cms';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { Certificate } from '@peculiar/asn1-x509';

/** RFC 5754 section 2.2 and RFC 5758 section 3.2. */
const SHA256 = '2.16.840.1.101.3.4.2.1';
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';
const OBJECT_IDENTIFIER = 0x06;
const OCTET_STRING = 0x04;
const SET_OF = 0x31;
/** Room for the signature in bytes: one certificate and one signature take less than a quarter. */
const ROOM = 8_192;
/** Stands for each of the three offsets until they are known; as wide as they can become. */
const OFFSET = 9_999_999_999;

/** Who signs for the organisation. */
export interface PdfSigner {
  /** PEM. */
  readonly certificate: Buffer;
  /** P-256. */
  readonly privateKey: KeyObject;
}

/** Leaves room for one signature over the whole file, invisible on the page (ISO 32000-1 section 12.8). */
export function addSignatureField(document: PDFKit.PDFDocument, at: Date): void {
  const value = document.ref({
    Type: 'Sig',
    Filter: 'Adobe.PPKLite',
    SubFilter: 'adbe.pkcs7.detached',
    ByteRange: [0, OFFSET, OFFSET, OFFSET],
    Contents: Buffer.alloc(ROOM),
    M: at,
  });
  const { page, _root: root } = document as unknown as PdfInsides;
  const widget = document.ref({
    Type: 'Annot',
    Subtype: 'Widget',
    FT: 'Sig',
    Rect: [0, 0, 0, 0],
    V: value,
    T: new String('signature'), // how pdfkit tells a text from a name.
    F: 132,
    P: page.dictionary,
  });
  page.annotations.push(widget);
  document.initForm();
  const form = root.data.AcroForm.data;
  delete form.NeedAppearances; // Nothing is to be filled in, and a viewer that draws anew would change what is signed.
  form.SigFlags = 3;
  form.Fields.push(widget);
  // pdfkit's types want a chunk, but a chunk would make a stream of a dictionary.
  for (const reference of [value, widget]) (reference as unknown as { end: () => void }).end();
}

interface FormEntries {
  readonly Fields: object[];
  NeedAppearances?: boolean;
  SigFlags?: number;
}

/** The parts of a document that pdfkit's types do not show. */
interface PdfInsides {
  readonly page: { readonly dictionary: object; readonly annotations: object[] };
  readonly _root: { readonly data: { readonly AcroForm: { readonly data: FormEntries } } };
}

/**
 * Signs a file with room for it: everything but the room is covered, so one changed byte breaks the signature.
 * @param pdf of `drawCertificate`. @throws {Error} where it has no such room
 */
export function signPdf(pdf: Buffer, signer: PdfSigner): Buffer {
  const room = `<${'0'.repeat(2 * ROOM)}>`;
  const start = pdf.indexOf(room, 0, 'latin1');
  const end = start + room.length;
  const blank = `[0 ${OFFSET} ${OFFSET} ${OFFSET}]`;
  const range = pdf.indexOf(blank, 0, 'latin1');
  if (start < 0 || range < 0) throw new Error('the file has no room for a signature');
  const signed = Buffer.from(pdf);
  signed.write(`[0 ${start} ${end} ${pdf.length - end}]`.padEnd(blank.length), range, 'latin1');
  const covered = Buffer.concat([signed.subarray(0, start), signed.subarray(end)]);
  const hex = Buffer.from(signDetached(covered, signer)).toString('hex');
  if (hex.length > 2 * ROOM) throw new Error('the signature is larger than its room');
  signed.write(hex, start + 1, 'latin1');
  return signed;
}

/** CMS SignedData without its content (RFC 5652 section 5), with the signer's certificate. */
function signDetached(content: Uint8Array, { certificate, privateKey }: PdfSigner): Uint8Array {
  const der = new X509Certificate(certificate).raw;
  const { tbsCertificate } = AsnConvert.parse(der, Certificate);
  const digestAlgorithm = new DigestAlgorithmIdentifier({ algorithm: SHA256 });
  const signedAttrs = attributesOf(createHash('sha256').update(content).digest());
  const signature = sign('sha256', encodeSet(signedAttrs), privateKey);
  const signerInfo = new SignerInfo({
    version: CMSVersion.v1,
    sid: new SignerIdentifier({
      issuerAndSerialNumber: new IssuerAndSerialNumber({
        issuer: tbsCertificate.issuer,
        serialNumber: tbsCertificate.serialNumber,
      }),
    }),
    digestAlgorithm,
    signedAttrs,
    signatureAlgorithm: new SignatureAlgorithmIdentifier({ algorithm: ECDSA_WITH_SHA256 }),
    signature: new OctetString(signature),
  });
  const signedData = new SignedData({
    version: CMSVersion.v1,
    digestAlgorithms: new DigestAlgorithmIdentifiers([digestAlgorithm]),
    encapContentInfo: new EncapsulatedContentInfo({ eContentType: id_data }),
    certificates: new CertificateSet([new CertificateChoices({ certificate: AsnConvert.parse(der, Certificate) })]),
    signerInfos: new SignerInfos([signerInfo]),
  });
  const info = new ContentInfo({ contentType: id_signedData, content: AsnConvert.serialize(signedData) });
  return new Uint8Array(AsnConvert.serialize(info));
}

/** Content type and digest, in the order of DER's SET OF. */
function attributesOf(digest: Uint8Array): Attribute[] {
  const attributes = [
    new Attribute({ attrType: id_contentType, attrValues: [element(OBJECT_IDENTIFIER, encodeOid(id_data))] }),
    new Attribute({ attrType: id_messageDigest, attrValues: [element(OCTET_STRING, digest)] }),
  ];
  return attributes.sort((a, b) => Buffer.compare(encode(a), encode(b)));
}

function encode(attribute: Attribute): Buffer {
  return Buffer.from(AsnConvert.serialize(attribute));
}

/** What is signed: the attributes as an explicit SET OF (RFC 5652 section 5.4). All of it is below 128 bytes. */
function encodeSet(attributes: readonly Attribute[]): Uint8Array {
  return new Uint8Array(element(SET_OF, Buffer.concat(attributes.map(encode))));
}

/** A DER element with content below 128 bytes. */
function element(tag: number, content: Uint8Array): ArrayBuffer {
  return Uint8Array.from([tag, content.length, ...content]).buffer;
}

/** X.690 section 8.19: the first two numbers in one byte, the others in base 128. */
function encodeOid(oid: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = oid.split('.').map(Number);
  const digits = (value: number): number[] => (value < 128 ? [value] : [...digits(value >> 7), value & 0x7f]);
  const groups = rest.map((value) =>
    digits(value).map((digit, index, all) => (index < all.length - 1 ? digit | 0x80 : digit)),
  );
  return Uint8Array.from([40 * first + second, ...groups.flat()]);
}
