import { fromBase64, fromUtf8 } from '../bytes.js';
import { readRevocationList } from '../crypto/revocation-list.js';
import { readPem, writePem } from '../fabric/identity.js';
import { readLoosely } from '../fabric/protobuf.js';
import { ProofError } from '../proof-error.js';
import { type ConfigGroup } from './config-group.js';
import { type NodeUnit, type Organisation, type Revocation } from './trust-root.js';

/** Fabric's own kind of MSP (msp/msp.go, FABRIC). */
const FABRIC_MSP = 0n;

/**
 * Reads the MSP of an organisation's group. @throws {ProofError} CONFIG_MALFORMED, CONFIG_UNSUPPORTED (idemix),
 * PROTOBUF_MALFORMED, CERTIFICATE_MALFORMED. Source: fabric-protos, msp/msp_config.proto.
 */
export function readOrganisation(group: ConfigGroup): Organisation {
  const msp = readLoosely(group.values.get('MSP') ?? new Uint8Array(0), { 1: 'uint', 2: 'bytes' }, 'MSP');
  if (msp[1] !== FABRIC_MSP) throw new ProofError('CONFIG_UNSUPPORTED', 'only X.509 MSPs are read');
  const layout = { 1: 'text', 2: 'list', 3: 'list', 5: 'list', 11: 'bytes' } as const;
  const config = readLoosely(msp[2], layout, 'MSP configuration');
  if (config[1] === '') throw new ProofError('CONFIG_MALFORMED', 'an organisation without an MSP id');
  const nodeUnits = readNodeUnits(config[11]);
  return {
    mspId: config[1],
    roots: config[2].map(normalisePem),
    intermediates: config[3].map(normalisePem),
    ...(nodeUnits && { nodeUnits }),
    revoked: config[5].flatMap(readRevocations),
  };
}

/** The same certificate with lines of 64 characters, whatever the tool that wrote the configuration did. */
function normalisePem(bytes: Uint8Array): string {
  return writePem(readPem((fromUtf8(bytes) ?? '').trim()));
}

function readNodeUnits(bytes: Uint8Array): Organisation['nodeUnits'] {
  const units = readLoosely(bytes, { 1: 'uint', 3: 'bytes', 5: 'bytes' }, 'node units');
  const peer = readNodeUnit(units[3]);
  const orderer = readNodeUnit(units[5]);
  if (units[1] === 0n || peer === undefined) return undefined;
  return { peer, ...(orderer && { orderer }) };
}

function readNodeUnit(bytes: Uint8Array): NodeUnit | undefined {
  const entry = readLoosely(bytes, { 1: 'bytes', 2: 'text' }, 'node unit');
  if (entry[2] === '') return undefined;
  return { unit: entry[2], ...(entry[1].length > 0 && { authority: normalisePem(entry[1]) }) };
}

/** A revocation list in PEM or DER (RFC 5280 section 5), of which the channel's configuration vouches. */
function readRevocations(bytes: Uint8Array): Revocation[] {
  const body = /-----BEGIN X509 CRL-----([A-Za-z0-9+/=\s]+)-----END X509 CRL-----/.exec(fromUtf8(bytes) ?? '')?.[1];
  const der = body === undefined ? bytes : fromBase64(body.replace(/\s/g, ''));
  try {
    const { issuer, revoked } = readRevocationList(der ?? new Uint8Array(0));
    return revoked.map(({ serial, revokedAtMs }) => ({
      issuer,
      serial,
      revokedAt: new Date(revokedAtMs).toISOString(),
    }));
  } catch (cause) {
    throw new ProofError('CONFIG_MALFORMED', 'a revocation list is wanted', { cause });
  }
}
