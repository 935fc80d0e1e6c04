import { createHash, randomUUID } from 'node:crypto';

import { type Attestation } from '../../domain/attestation-record.js';
import { answering, askingByDuty, item, MATTER, payloadDigest, SUBJECT } from './attestation-bench.js';
import { type Caller, digestOf } from './contract-bench.js';
import { ISSUER_2, LicenseBench } from './license-bench.js';
import { face, licenseId, makeHolder, saltValues, UNITS } from './license-requests.js';

/** Guangdong's administrator and answering officer, Chongqing's window, and Chongqing's issuer, who takes over. */
const ADMIN: Caller = { ...UNITS.guangdong, name: 'admin-3', role: 'admin' };
export const LETTING_GO: Caller = { ...UNITS.guangdong, name: 'officer-3', role: 'officer' };
export const WINDOW: Caller = { mspId: 'ChongqingMSP', unit: '12500000MB1Y000972', name: 'officer-4', role: 'officer' };
export const TAKING_OVER = ISSUER_2;

/** What Guangdong's operation 05 with ending 06 says beside its document. */
export const AWAY = { ending: '06', transferTo: UNITS.chongqing };
/** The licence that Chongqing issues in its place. */
export const NEW_ID = licenseId('5026000001', 1, UNITS.chongqing.unit);
const NUMBER = SUBJECT.claims.licenceNumber;

/** The number of a licence that no ledger holds, as the chain knows it: salted as the payload is. */
export const NUMBER_DIGEST = saltedDigest(NUMBER, SUBJECT.salt);

/** A licence bench on which another region may ask whether a licence is let go. */
export async function openTransfers(): Promise<LicenseBench> {
  const licenses = await LicenseBench.open();
  for (const licence of [true, false]) {
    const more = { itemId: itemIdOf(licence), unit: UNITS.guangdong.unit, licence, transferOut: true };
    await licenses.bench.call(ADMIN, 'catalogue:publish', item(licence ? 901 : 902, more));
  }
  return licenses;
}

/** What may differ from the good story. */
export interface Variation {
  readonly answer?: string;
  readonly newLicence?: string;
  /** How far it goes; USED without it. */
  readonly to?: 'ATTESTED' | 'ACCEPTED' | 'USED';
  readonly asker?: Caller;
}

/** Chongqing asks, under its duty, Guangdong answers, both sign, Chongqing uses it. @param licence absent for one of no ledger */
export async function attestTransfer(
  { bench }: LicenseBench,
  licence: string | undefined,
  { answer = 'CONSISTENT', newLicence = NEW_ID, to = 'USED', asker = WINDOW }: Variation = {},
): Promise<Attestation> {
  const request = askingByDuty(1, {
    ...{ requestId: randomUUID(), item: { mspId: 'GuangdongMSP', itemId: itemIdOf(licence !== undefined) } },
    ...{ payloadDigest: payloadDigest(SUBJECT), ...(licence !== undefined && { licence }) },
  });
  const { payload } = await bench.callWith(SUBJECT, asker, 'attestation:request', request);
  const { id: attestationId } = JSON.parse(payload) as Attestation;
  const act = (caller: Caller, name: string, more: object) =>
    bench.ask<Attestation>(caller, `attestation:${name}`, { requestId: randomUUID(), attestationId, ...more });
  const asOf = new Date(bench.nowMs).toISOString();
  const { requestId: _, ...said } = answering(2, attestationId, { answer, asOf }) as { requestId: string };
  let record = await act(LETTING_GO, 'answer', said);
  if (to === 'ATTESTED') return record;
  record = await act(asker, 'accept', { digest: record.answer?.digest });
  if (to === 'ACCEPTED') return record;
  return act(asker, 'use', { matter: MATTER, decisionReference: digestOf('decision 9'), newLicence });
}

/** 转入 as Chongqing asks for it. */
export function takingOver(transferredFrom: object, id = NEW_ID): object {
  return {
    ...{ requestId: randomUUID(), licenseId: id, operation: '08', face: face(saltValues().digests) },
    ...{ holder: { key: makeHolder().key }, transferredFrom },
  };
}

function itemIdOf(licence: boolean): string {
  return licence ? 'GD-TRANSFER-OUT' : 'GD-TRANSFER-OLD';
}

function saltedDigest(value: string, salt: string): string {
  return createHash('sha256').update(Buffer.from(salt, 'hex')).update(value).digest('hex');
}
