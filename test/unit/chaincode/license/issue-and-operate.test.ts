import { randomUUID } from 'node:crypto';

import { type LicenseAct } from '../../../../domain/license.js';
import { NOW_MS } from '../../../support/contract-bench.js';
import { DOCUMENT, ISSUER, ISSUER_2, LicenseBench, SUPERIOR, VERIFIER } from '../../../support/license-bench.js';
import {
  face,
  licenseId,
  makeHolder,
  saltValues,
  TYPE_CODE,
  typeRequest,
  UNITS,
} from '../../../support/license-requests.js';

const NEXT_DAY_MS = 86_400_000;

describe('the catalogue', () => {
  test('a type is defined by the unit that its code begins with, and by nobody else', async () => {
    const { bench } = await LicenseBench.open();
    expect(await bench.refusal(ISSUER_2, 'license:defineType', typeRequest())).toBe('LICENSE_AUTHORITY');
    const twin = { ...ISSUER, mspId: 'ZhejiangMSP' };
    expect(await bench.refusal(twin, 'license:defineType', typeRequest())).toBe('LICENSE_AUTHORITY');
    const again = await bench.ask(ISSUER, 'license:defineType', typeRequest({ kind: 'food-license' }));
    expect(again).toMatchObject({ revision: 2, kind: 'food-license' });
  });

  test('the same request again is the same revision, other content under its id is refused', async () => {
    const { bench } = await LicenseBench.open();
    const request = typeRequest({ kind: 'other' });
    const { payload } = await bench.call(ISSUER, 'license:defineType', request);
    const repeated = await bench.call(ISSUER, 'license:defineType', request);
    expect(repeated).toMatchObject({ payload, writes: 0 });
    const changed = { ...request, kind: 'food-license' };
    expect(await bench.refusal(ISSUER, 'license:defineType', changed)).toBe('REQUEST_REUSED');
  });

  test.each([
    ['a name as a field', { fields: { 张三: 'private' } }, 'REQUEST_MALFORMED'],
    ['no field', { fields: {} }, 'REQUEST_MALFORMED'],
    ['a free text as its kind', { kind: '营业执照' }, 'REQUEST_MALFORMED'],
    [
      'an authority outside the consortium',
      { authorities: [{ ...UNITS.beijing, mspId: 'X' + 'MSP' }] },
      'CONSORTIUM_NOT_MEMBER',
    ],
    ['the same authority twice', { authorities: [UNITS.beijing, UNITS.beijing] }, 'REQUEST_MALFORMED'],
    ['a region as issuer, without the flag', { authorities: [{ ...UNITS.beijing, code: '110108' }] }, 'ID_MALFORMED'],
  ])('%s is refused', async (_what, more, code) => {
    const { bench } = await LicenseBench.open();
    expect(await bench.refusal(ISSUER, 'license:defineType', typeRequest(more))).toBe(code);
  });

  test('with the flag an issuer may be coded as a region', async () => {
    const authorities = [{ ...UNITS.guangdong, code: '440000' }];
    const licenses = await LicenseBench.open({ legacyIssuers: true, authorities });
    const id = licenseId('2026000777', 1, '440000');
    expect((await licenses.issue({}, { licenseId: id })).act.licenseId).toBe(id);
    expect(await licenses.verdict(id)).toBe('VALID');
  });
});

describe('issue', () => {
  test('a licence is in effect from its first day, by the authority in the certificate', async () => {
    const licenses = await LicenseBench.open();
    const { id, act } = await licenses.issue();
    expect(act).toMatchObject({ sequence: 1, to: '01', version: 1, effectiveFrom: '2025-12-31T16:00:00.000Z' });
    expect(act.actor).toMatchObject(UNITS.guangdong);
    expect(await licenses.verdict(id)).toBe('VALID');
    expect(await licenses.verdict(id, '2025-12-31')).toBe('NOT_YET_VALID');
    expect(await licenses.verdict(id, '2026-01-01')).toBe('VALID');
  });

  test('the same serial twice is LICENSE_EXISTS; the same request twice is one licence', async () => {
    const licenses = await LicenseBench.open();
    const { digests } = saltValues();
    const id = licenseId('2026000999');
    const request = { requestId: randomUUID(), licenseId: id, face: face(digests), holder: { key: makeHolder().key } };
    const { payload } = await licenses.bench.call(ISSUER, 'license:issue', request);
    expect(await licenses.bench.call(ISSUER, 'license:issue', request)).toMatchObject({ payload, writes: 0 });
    const other = { ...request, requestId: randomUUID() };
    expect(await licenses.bench.refusal(ISSUER, 'license:issue', other)).toBe('LICENSE_EXISTS');
    const changed = { ...request, holder: { key: makeHolder().key } };
    expect(await licenses.bench.refusal(ISSUER, 'license:issue', changed)).toBe('REQUEST_REUSED');
  });

  test.each([
    ['by another authority of the type', ISSUER_2],
    ['by the superior', SUPERIOR],
    ['by the same unit code in another organisation', { ...ISSUER, mspId: 'BeijingMSP' }],
  ])('%s is LICENSE_AUTHORITY', async (_what, caller) => {
    const { bench } = await LicenseBench.open();
    const request = {
      ...{ requestId: randomUUID(), licenseId: licenseId('2026000001') },
      ...{ face: face(saltValues().digests), holder: { key: makeHolder().key } },
    };
    expect(await bench.refusal(caller, 'license:issue', request)).toBe('LICENSE_AUTHORITY');
  });

  const wrong: readonly (readonly [string, object, object, string])[] = [
    ['a field that is missing', { fields: { holderName: DOCUMENT } }, {}, 'LICENSE_FIELDS'],
    ['a value in clear', { fields: { holderName: '张三' } }, {}, 'DIGEST_MALFORMED'],
    ['a person as unit code', { unitCodes: { companyCode: '11010519491231002X' } }, {}, 'REQUEST_MALFORMED'],
    ['a unit code that is not listed', { unitCodes: { other: UNITS.beijing.unit } }, {}, 'LICENSE_FIELDS'],
    ['an end before its beginning', { validTo: '2025-01-01' }, {}, 'LICENSE_DATES'],
    ['a day that does not exist', { validTo: '2026-02-30' }, {}, 'REQUEST_MALFORMED'],
    ['another version than the first', {}, { licenseId: licenseId('2026000001', 2) }, 'ID_MALFORMED'],
    ['a type that is not there', {}, { licenseId: licenseId('2026000001').replace('W001', 'W002') }, 'ID_MALFORMED'],
    ['a transfer without its source', {}, { operation: '08' }, 'REQUEST_MALFORMED'],
    ['a holder without a key', {}, { holder: {} }, 'REQUEST_MALFORMED'],
  ];
  test.each(wrong)('%s is refused', async (_what, more, request, code) => {
    const licenses = await LicenseBench.open();
    await expect(licenses.issue(more, request)).rejects.toMatchObject({ code });
  });

  test('a type that the catalogue lacks is LICENSE_TYPE_NOT_FOUND', async () => {
    const { bench } = await LicenseBench.open();
    const request = {
      requestId: randomUUID(),
      licenseId: '11100000000013338W011.11430000006122244L.20230000403.001.U',
    };
    const whole = { ...request, face: face({}), holder: { key: makeHolder().key } };
    expect(await bench.refusal(ISSUER, 'license:issue', whole)).toBe('LICENSE_TYPE_NOT_FOUND');
    expect(await bench.ask(ISSUER, 'license:getType', TYPE_CODE)).toMatchObject({ found: true, revision: 1 });
  });
});

describe('operations', () => {
  test.each([
    ['another authority of the same type', ISSUER_2],
    ['the same unit code in another organisation', { ...ISSUER, mspId: 'ZhejiangMSP' }],
    ['another unit of the same organisation', { ...ISSUER, unit: '12440000MB3Y00023L' }],
  ])('%s cannot change a status', async (_what, caller) => {
    const licenses = await LicenseBench.open();
    const { id } = await licenses.issue();
    expect(await licenses.operateRefusal(id, '03', {}, caller)).toBe('LICENSE_AUTHORITY');
    expect(await licenses.verdict(id)).toBe('VALID');
  });

  test('the superior can, and only what the status machine allows', async () => {
    const licenses = await LicenseBench.open();
    const { id } = await licenses.issue();
    expect(await licenses.operate(id, '03', {}, SUPERIOR)).toMatchObject({ from: '01', to: '02' });
    expect(await licenses.operateRefusal(id, '03')).toBe('LICENSE_STATE');
    expect(await licenses.operateRefusal(id, '07')).toBe('LICENSE_STATE');
    expect(await licenses.verdict(id)).toBe('SUSPENDED');
    expect(await licenses.operate(id, '06')).toMatchObject({ from: '02', to: '01' });
    expect(await licenses.verdict(id)).toBe('VALID');
  });

  test('a suspension of today leaves yesterday valid', async () => {
    const licenses = await LicenseBench.open();
    const { id } = await licenses.issue();
    await licenses.operate(id, '03');
    expect(await licenses.verdict(id, '2026-02-28')).toBe('VALID');
    expect(await licenses.verdict(id, '2026-03-01')).toBe('SUSPENDED');
  });

  test('an annulment reaches back to issue, and no later act hides it', async () => {
    const licenses = await LicenseBench.open();
    const { id } = await licenses.issue();
    await licenses.operate(id, '05', { ending: '03' });
    expect(await licenses.status(id, '2026-01-15')).toMatchObject({ verdict: 'ANNULLED', retroactive: true });
    const early = { ending: '04', effectiveFrom: '2026-01-10T00:00:00Z' };
    expect(await licenses.operateRefusal(id, '05', early)).toBe('LICENSE_DATES');
    await licenses.operate(id, '05', { ending: '04' });
    expect(await licenses.verdict(id, '2026-01-15')).toBe('ANNULLED');
    expect(await licenses.verdict(id)).toBe('CANCELLED');
  });

  test('a revocation acts from its day, which may be past but not before the act it follows, nor to come', async () => {
    const licenses = await LicenseBench.open();
    const { id } = await licenses.issue();
    const on = (effectiveFrom: string) => ({ ending: '07', effectiveFrom });
    expect(await licenses.operateRefusal(id, '05', on('2025-12-01T00:00:00Z'))).toBe('LICENSE_DATES');
    expect(await licenses.operateRefusal(id, '05', on('2026-03-02T00:00:00Z'))).toBe('LICENSE_DATES');
    await licenses.operate(id, '05', on('2026-02-10T00:00:00Z'));
    expect(await licenses.verdict(id, '2026-02-09')).toBe('VALID');
    expect(await licenses.verdict(id, '2026-02-10')).toBe('REVOKED');
  });

  test('a change makes the next version; the old one says which is current, and keeps its past', async () => {
    const licenses = await LicenseBench.open();
    const { id, digests } = await licenses.issue();
    const act = await licenses.operate(id, '09', { face: face(digests, { validTo: '2026-12-31' }) });
    expect(act).toMatchObject({ version: 2, supersedes: id });
    expect(await licenses.status(id)).toMatchObject({ verdict: 'SUPERSEDED', current: act.licenseId });
    expect(await licenses.verdict(act.licenseId)).toBe('VALID');
    expect(await licenses.verdict(id, '2026-02-01')).toBe('VALID');
    expect(await licenses.verdict(act.licenseId, '2026-02-01')).toBe('NOT_YET_VALID');
    expect(await licenses.operateRefusal(id, '03')).toBe('LICENSE_SUPERSEDED');
    expect(await licenses.operateRefusal(licenseId('2026000001', 3), '03')).toBe('LICENSE_NOT_FOUND');
  });

  test('the end of validity is computed when asked, and written down afterwards', async () => {
    const licenses = await LicenseBench.open();
    const { id } = await licenses.issue({ validTo: '2026-03-01' });
    expect(await licenses.operateRefusal(id, '04')).toBe('LICENSE_DATES');
    expect(await licenses.verdict(id)).toBe('VALID');
    licenses.bench.nowMs = NOW_MS + NEXT_DAY_MS;
    expect(await licenses.status(id)).toMatchObject({ verdict: 'EXPIRED', effectiveFrom: '2026-03-01T16:00:00.000Z' });
    expect(await licenses.operateRefusal(id, '03')).toBe('LICENSE_STATE');
    await licenses.operate(id, '04');
    expect(await licenses.status(id)).toMatchObject({ verdict: 'EXPIRED', effectiveFrom: '2026-03-01T16:00:00.000Z' });
    expect(await licenses.verdict(id, '2026-03-01')).toBe('VALID');
    await licenses.operate(id, '05', { ending: '04' });
    expect(await licenses.verdict(id)).toBe('CANCELLED');
  });

  test('a suspension does not stop the clock', async () => {
    const licenses = await LicenseBench.open();
    const { id } = await licenses.issue({ validTo: '2026-03-01' });
    await licenses.operate(id, '03');
    licenses.bench.nowMs = NOW_MS + NEXT_DAY_MS;
    expect(await licenses.verdict(id)).toBe('EXPIRED');
    expect(await licenses.operateRefusal(id, '06')).toBe('LICENSE_STATE');
  });

  test('the same operation again is answered again, and other content under its id refused', async () => {
    const licenses = await LicenseBench.open();
    const { id } = await licenses.issue();
    const requestId = randomUUID();
    const first = await licenses.operate(id, '03', { requestId });
    expect(await licenses.operate(id, '03', { requestId })).toEqual(first);
    expect(await licenses.operateRefusal(id, '06', { requestId })).toBe('REQUEST_REUSED');
  });

  test.each([
    ['no document where one is needed', '03', { documentDigest: undefined }],
    ['no ending', '05', {}],
    ['an ending elsewhere', '03', { ending: '04' }],
    ['no face for a change', '09', {}],
    ['a day for an annulment', '05', { ending: '03', effectiveFrom: '2026-02-01T00:00:00Z' }],
    ['issue once more', '01', {}],
    ['a reason in words', '03', { reason: '张三伪造材料' }],
  ])('%s is REQUEST_MALFORMED', async (_what, operation, more) => {
    const licenses = await LicenseBench.open();
    const { id } = await licenses.issue();
    expect(await licenses.operateRefusal(id, operation, more)).toBe('REQUEST_MALFORMED');
  });

  test('the history is for the organisation and for auditors', async () => {
    const all = await LicenseBench.open();
    const { id } = await all.issue();
    await all.operate(id, '03');
    const acts = await all.bench.ask<LicenseAct[]>(ISSUER, 'license:history', id);
    expect(acts.map(({ to }) => to)).toEqual(['01', '02']);
    const auditor = { ...VERIFIER, role: 'auditor' as const };
    expect(await all.bench.ask(auditor, 'license:history', id)).toEqual(acts);
    expect(await all.bench.refusal(ISSUER_2, 'license:history', id)).toBe('LICENSE_AUTHORITY');
    expect(await all.bench.refusal(ISSUER, 'license:history', licenseId('2026999999'))).toBe('LICENSE_NOT_FOUND');
  });

  test('status asks nothing of a stranger and tells nothing of the holder', async () => {
    const licenses = await LicenseBench.open();
    const { id, digests, holder } = await licenses.issue({ unitCodes: { companyCode: UNITS.beijing.unit } });
    const text = JSON.stringify(await licenses.status(id));
    for (const secret of [...Object.values(digests), holder.key, UNITS.beijing.unit])
      expect(text).not.toContain(secret);
    expect(await licenses.status(licenseId('2026999999'))).toMatchObject({ found: false, verdict: 'NOT_FOUND' });
    expect(await licenses.bench.refusal(ISSUER, 'license:status', id, '2027-01-01')).toBe('REQUEST_MALFORMED');
  });
});
