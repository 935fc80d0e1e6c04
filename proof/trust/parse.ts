import { sha256 } from '@noble/hashes/sha2.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import { fromUtf8, toHex, utf8 } from '../bytes.js';
import { sm3 } from '../crypto/sm3.js';
import { readCertificate } from '../crypto/certificate.js';
import { readPem } from '../fabric/identity.js';
import { ProofError } from '../proof-error.js';
import { integerFrom, listOf, malformed, maybe, objectOf, type Read, textOf, wordOf } from './fields.js';
import {
  type AttestationPolicy,
  type Consenter,
  type Epoch,
  type ListedIdentity,
  type NodeUnit,
  type NodeUnits,
  type Ordering,
  type Organisation,
  type Revocation,
  type TimestampAuthority,
  type TrustRoot,
} from './trust-root.js';

/** Largest trust root that is read, in bytes. */
export const TRUST_ROOT_BYTES_MAX = 16_777_216;

const hex = textOf(/^[0-9a-f]+$/);
const name = textOf(/^[^\u0000-\u001f]{1,255}$/);
const mspId = textOf(/^[A-Za-z0-9.-]{1,64}$/);
const instant: Read<string> = (value, where) => {
  const text = textOf(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?Z$/)(value, where);
  if (Number.isNaN(Date.parse(text))) throw malformed(where, 'a time that exists');
  return text;
};
const certificate: Read<string> = (value, where) => {
  const pem = textOf(/^-----BEGIN CERTIFICATE-----/)(value, where);
  readCertificate(readPem(pem));
  return pem;
};

const nodeUnit = objectOf<NodeUnit>({ unit: name, authority: maybe(certificate) });
const organisation = objectOf<Organisation>({
  mspId,
  roots: listOf(certificate, 1),
  intermediates: listOf(certificate),
  nodeUnits: maybe(objectOf<NodeUnits>({ peer: nodeUnit, orderer: maybe(nodeUnit) })),
  revoked: listOf(objectOf<Revocation>({ issuer: hex, serial: hex, revokedAt: instant })),
});
const quorum = objectOf<Extract<Ordering, { rule: 'quorum' }>>({
  rule: wordOf('quorum'),
  quorum: integerFrom(1),
  consenters: listOf(objectOf<Consenter>({ id: integerFrom(0), mspId, certificate }), 1),
});
const any = objectOf<Extract<Ordering, { rule: 'any' }>>({
  rule: wordOf('any'),
  role: wordOf('orderer', 'member'),
  mspIds: listOf(mspId, 1),
});
const epoch = objectOf<Epoch>({
  configBlock: integerFrom(0),
  sequence: integerFrom(0),
  from: instant,
  consensus: name,
  organisations: listOf(organisation, 1),
  ordererOrganisations: listOf(organisation, 1),
  ordering: (value, where) => ((value as Ordering | null)?.rule === 'quorum' ? quorum : any)(value, where),
});
const trustRoot = objectOf<TrustRoot>({
  schema: wordOf('trust-root/1'),
  channel: name,
  genesis: textOf(/^[0-9a-f]{64}$/),
  policy: objectOf<AttestationPolicy>({
    organisationsMin: integerFrom(1),
    organisations: listOf(mspId, 1),
    chaincodes: listOf(objectOf<AttestationPolicy['chaincodes'][number]>({ name, versions: listOf(name, 1) }), 1),
    standingAgeMsMax: integerFrom(0),
  }),
  epochs: listOf(epoch, 1),
  identities: listOf(objectOf<ListedIdentity>({ mspId, certificate })),
  timestampAuthorities: listOf(
    objectOf<TimestampAuthority>({ certificate, policies: listOf(textOf(/^\d+(\.\d+)+$/)) }),
  ),
});

/** @param value parsed JSON. @throws {ProofError} TRUST_ROOT_MALFORMED, CERTIFICATE_MALFORMED */
export function parseTrustRoot(value: unknown): TrustRoot {
  const root = trustRoot(value, 'trustRoot');
  const { policy, epochs } = root;
  if (policy.organisationsMin > new Set(policy.organisations).size) {
    throw malformed('trustRoot.policy.organisationsMin', 'at most the number of organisations');
  }
  const ascending = epochs.every((each, index) => (epochs[index - 1]?.configBlock ?? -1) < each.configBlock);
  if (!ascending || epochs[0]?.configBlock !== 0) throw malformed('trustRoot.epochs', 'ascending from block 0');
  return root;
}

/** As {@link parseTrustRoot}, from a file's bytes. @throws the same */
export function readTrustRoot(bytes: Uint8Array): TrustRoot {
  if (bytes.length > TRUST_ROOT_BYTES_MAX) throw malformed('trustRoot', `at most ${TRUST_ROOT_BYTES_MAX} bytes`);
  try {
    return parseTrustRoot(JSON.parse(fromUtf8(bytes) ?? ''));
  } catch (cause) {
    if (cause instanceof ProofError) throw cause;
    throw new ProofError('TRUST_ROOT_MALFORMED', 'JSON in UTF-8 is wanted', { cause });
  }
}

/** The one form of a trust root in bytes: canonical JSON, without a line break at the end. */
export function encodeTrustRoot(root: TrustRoot): Uint8Array {
  return utf8(canonicalJson(root));
}

/** What a gazette prints: hex of SHA-256 and SM3 over {@link encodeTrustRoot}, which `sha256sum` of the file gives too. */
export function trustRootFingerprints(root: TrustRoot): { readonly 'sha-256': string; readonly sm3: string } {
  const bytes = encodeTrustRoot(root);
  return { 'sha-256': toHex(sha256(bytes)), sm3: toHex(sm3(bytes)) };
}
