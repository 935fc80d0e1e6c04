import { type MatterTrailStatement, type Trail } from '../domain/attestation-trail.js';
import { canonicalJson } from '../domain/canonical-json.js';
import { DomainError } from '../domain/errors.js';
import { type RequestId } from '../domain/ids.js';
import {
  type CompareRequest,
  type CompareResult,
  type DeliveryRequest,
  type SaltedValues,
  VALUES_TRANSIENT,
} from '../domain/license-fields.js';
import { type LicenseId, readLicenseParts } from '../domain/license-id.js';
import { type LicenseStatusResult } from '../domain/license-standing.js';
import { type LicenseTypeResult } from '../domain/license-type.js';
import { type HolderStatement, type Signed, type TrailStatement } from '../domain/license-use.js';
import { type LicenseAct } from '../domain/license.js';
import { type Ledger, type Written } from './ledger/port.js';

/** Calls of the licence contracts that need a role, by `contract:transaction`. */
export type LicenseCall =
  | 'license:defineType'
  | 'license:issue'
  | 'license:operate'
  | 'license:refuseRenewal'
  | 'license:history'
  | 'licenseFields:keep'
  | 'licenseFields:read'
  | 'licenseFields:purge'
  | 'licenseFields:enrol'
  | 'holder:use'
  | 'holder:deliver';

/** Writes that take a plain request; what a holder signed goes by {@link passOn}. */
export type LicenseWrite = Exclude<
  LicenseCall,
  'license:history' | 'licenseFields:keep' | 'licenseFields:read' | 'holder:deliver'
>;

/** What a holder may sign, by the transaction that takes it. */
export type HolderWrite = 'holder:grant' | 'holder:revoke' | 'holder:requestRenewal';

/** What was stored, and where on the chain that happened. */
export type StoredLicense = Omit<Written, 'result'> & { readonly value: Readonly<Record<string, unknown>> };

/** Submits one write as its caller. @throws as {@link Ledger.submit} */
export function writeLicense(
  ledger: Ledger,
  user: string,
  transaction: LicenseWrite,
  request: { readonly requestId: RequestId },
): Promise<StoredLicense> {
  return submit(ledger, { user, transaction, args: [canonicalJson(request)] });
}

/** Submits what a holder signed, as the gateway itself: the signature decides. @throws as {@link Ledger.submit} */
export function passOn(
  ledger: Ledger,
  user: string,
  transaction: HolderWrite,
  signed: Signed<HolderStatement>,
): Promise<StoredLicense> {
  return submit(ledger, { user, transaction, args: [canonicalJson(signed)] });
}

/** Private values, shown to the own organisation's peer alone and written to its private data. @param mspId the own one */
export function keepFields(
  ledger: Ledger,
  { user, mspId }: { readonly user: string; readonly mspId: string },
  request: { readonly requestId: RequestId; readonly licenseId: LicenseId },
  values: SaltedValues,
): Promise<StoredLicense> {
  const transient = { [VALUES_TRANSIENT]: canonicalJson(values) };
  const call = { user, transaction: 'licenseFields:keep', args: [canonicalJson(request)] };
  return submit(ledger, { ...call, transient, organisations: [mspId] });
}

async function submit(
  ledger: Ledger,
  call: Omit<Parameters<Ledger['submit']>[0], 'writtenBy'>,
): Promise<StoredLicense> {
  const { result, ...written } = await ledger.submit({ ...call, writtenBy: writerOf });
  return { ...written, value: JSON.parse(result) as StoredLicense['value'] };
}

function writerOf(result: string): string | undefined {
  return (JSON.parse(result) as { readonly txId?: string }).txId;
}

/** @param asOf a day, a time, or empty for now. @throws as {@link Ledger.evaluate} */
export async function askStatus(
  ledger: Ledger,
  user: string,
  id: LicenseId,
  asOf: string,
): Promise<LicenseStatusResult> {
  const args = [id, asOf];
  return JSON.parse(await ledger.evaluate({ user, transaction: 'license:status', args })) as LicenseStatusResult;
}

/** Compares digests with the recorded ones. @throws as {@link Ledger.evaluate} */
export async function compareFields(ledger: Ledger, user: string, wanted: CompareRequest): Promise<CompareResult> {
  const args = [canonicalJson(wanted)];
  return JSON.parse(await ledger.evaluate({ user, transaction: 'license:compare', args })) as CompareResult;
}

/** @throws ID_MALFORMED and as {@link Ledger.evaluate} */
export async function getLicenseType(ledger: Ledger, user: string, typeCode: string): Promise<LicenseTypeResult> {
  const args = [typeCode];
  return JSON.parse(await ledger.evaluate({ user, transaction: 'license:getType', args })) as LicenseTypeResult;
}

/** Every act on a licence. @throws as {@link Ledger.evaluate} */
export async function readLicenseHistory(ledger: Ledger, user: string, id: LicenseId): Promise<readonly LicenseAct[]> {
  return JSON.parse(await ledger.evaluate({ user, transaction: 'license:history', args: [id] })) as LicenseAct[];
}

/** The values that the own organisation keeps. @throws as {@link Ledger.evaluate} */
export async function readFields(ledger: Ledger, user: string, id: LicenseId): Promise<SaltedValues> {
  return JSON.parse(await ledger.evaluate({ user, transaction: 'licenseFields:read', args: [id] })) as SaltedValues;
}

/** What a use showed, from a peer of the issuing organisation. @throws LICENSE_NOT_FOUND and as {@link Ledger.evaluate} */
export async function deliverFields(ledger: Ledger, user: string, wanted: DeliveryRequest): Promise<SaltedValues> {
  const organisations = [await issuerOf(ledger, user, wanted.licenseId)];
  const call = { user, transaction: 'holder:deliver', args: [canonicalJson(wanted)], organisations };
  return JSON.parse(await ledger.evaluate(call)) as SaltedValues;
}

/**
 * The holder's trail of a licence, or of a matter by the key for it; the signed statement shows that it is the holder
 * who asks. @throws as {@link Ledger.evaluate}
 */
export async function readTrail(
  ledger: Ledger,
  user: string,
  signed: Signed<TrailStatement | MatterTrailStatement>,
): Promise<Trail> {
  const transaction = signed.statement.kind === 'license.trail' ? 'holder:trail' : 'holder:matterTrail';
  return JSON.parse(await ledger.evaluate({ user, transaction, args: [canonicalJson(signed)] })) as Trail;
}

/** The organisation that issued a licence. */
async function issuerOf(ledger: Ledger, user: string, id: LicenseId): Promise<string> {
  const { typeCode, issuerCode } = readLicenseParts(id, { legacy: true });
  const type = await getLicenseType(ledger, user, typeCode);
  const authority = type.found ? type.authorities.find(({ code }) => code === issuerCode) : undefined;
  if (authority === undefined) throw new DomainError('LICENSE_NOT_FOUND');
  return authority.mspId;
}
