import { createHash, generateKeyPairSync, type KeyObject, randomBytes, randomUUID, sign } from 'node:crypto';

import { canonicalJson } from '../../domain/canonical-json.js';
import { type HolderStatement, type Signed, SIGNED_PREFIX } from '../../domain/license-use.js';
import {
  formatLicenseId,
  type LicenseId,
  parseIssuerCode,
  parseLicenseSerial,
  parseLicenseTypeCode,
} from '../../domain/license-id.js';

/** Units of the default consortium. */
export const UNITS = {
  guangdong: { mspId: 'GuangdongMSP', unit: '11440000MB3Y00015W' },
  guangdongSuperior: { mspId: 'GuangdongMSP', unit: '12440000MB3Y00090J' },
  chongqing: { mspId: 'ChongqingMSP', unit: '11500000MB1Y0002X2' },
  beijing: { mspId: 'BeijingMSP', unit: '11110108MB4Y00017H' },
} as const;

/** A type that Guangdong defines and that Guangdong and Chongqing issue. */
export const TYPE_CODE = `${UNITS.guangdong.unit}001`;
/** 政务服务事项基本编码, invented. */
export const MATTER = '000131012000';
/** A person who does not exist. */
export const VALUES = { holderName: '张三', holderNumber: '11010519491231002X', holderPhone: '13800138000' } as const;

/** A request to define {@link TYPE_CODE}. */
export function typeRequest(more: object = {}): object {
  return {
    requestId: randomUUID(),
    typeCode: TYPE_CODE,
    kind: 'business-license',
    fields: { holderName: 'private', holderNumber: 'private', holderPhone: 'private', companyCode: 'unit-code' },
    authorities: [{ ...UNITS.guangdong, superior: UNITS.guangdongSuperior }, { ...UNITS.chongqing }],
    scope: { kind: 'national' },
    ...more,
  };
}

/** The identifier of a licence of {@link TYPE_CODE}. @param serial 7 digits or more */
export function licenseId(serial: string, version = 1, issuer: string = UNITS.guangdong.unit): LicenseId {
  return formatLicenseId({
    typeCode: parseLicenseTypeCode(TYPE_CODE),
    issuerCode: parseIssuerCode(issuer, { legacy: true }),
    serial: parseLicenseSerial(serial),
    version,
  });
}

/** Who holds a licence: a P-256 key pair, as a browser or the command line makes one. */
export interface TestHolder {
  /** The raw point in base64url. */
  readonly key: string;
  readonly privateKey: KeyObject;
}

/** A new key pair. */
export function makeHolder(): TestHolder {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const point = Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  return { key: point.toString('base64url'), privateKey };
}

/** Signs as a holder does. */
export function signAs<Statement extends object>({ privateKey }: TestHolder, statement: Statement) {
  const text = Buffer.from(`${SIGNED_PREFIX}${canonicalJson(statement)}`);
  const signature = sign('sha256', text, { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  return { statement, signature } as unknown as Signed<HolderStatement & Statement>;
}

/** Values with salts, and the digests that go on the chain. */
export function saltValues(values: Readonly<Record<string, string>> = VALUES) {
  const salted = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { value, salt: randomBytes(32).toString('hex') }]),
  );
  const digests = Object.fromEntries(
    Object.entries(salted).map(([name, { value, salt }]) => {
      const hash = createHash('sha256').update(Buffer.from(salt, 'hex')).update(value, 'utf8');
      return [name, hash.digest('hex')];
    }),
  );
  return { salted, digests };
}

/** A face that is good from the first day of 2026 to the last. */
export function face(digests: Readonly<Record<string, string>>, more: object = {}): object {
  return { validFrom: '2026-01-01', validTo: '2026-12-31', fields: digests, ...more };
}

/** What the holder signs to allow Beijing's officer one use; the times enclose every test. */
export function grantStatement(id: string, more: object = {}) {
  return {
    kind: 'license.grant',
    licenseId: id,
    verifier: UNITS.beijing,
    matterCode: MATTER,
    purpose: 'government-service',
    purposeDigest: 'ab'.repeat(32),
    fields: ['holderName'],
    notBefore: '2026-01-01T00:00:00.000Z',
    notAfter: '2026-12-31T00:00:00.000Z',
    maxUses: 1,
    mode: 'standing',
    nonce: randomUUID(),
    ...more,
  };
}
