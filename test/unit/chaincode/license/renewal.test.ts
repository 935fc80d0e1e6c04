import { randomUUID } from 'node:crypto';

import { NOW_MS, READER } from '../../../support/contract-bench.js';
import { DOCUMENT, ISSUER, LicenseBench, type TestLicense } from '../../../support/license-bench.js';
import { face, makeHolder, signAs } from '../../../support/license-requests.js';

const DAY_MS = 86_400_000;

/** 2026-03-01 is 30 days before the 31st. */
const ENDS = { validFrom: '2026-01-01', validTo: '2026-03-31' };

const ask = ({ id, holder }: TestLicense) => signAs(holder, { kind: 'license.renew', licenseId: id });
const refusal = (id: string, more: object = {}) => ({
  ...{ requestId: randomUUID(), licenseId: id, documentDigest: DOCUMENT },
  ...more,
});

describe('延续 (行政许可法 article 50)', () => {
  test('asked for in time and not answered, a licence counts as renewed for as long again', async () => {
    const licenses = await LicenseBench.open();
    const license = await licenses.issue(ENDS);
    await licenses.bench.call(READER, 'holder:requestRenewal', ask(license));
    expect((await licenses.bench.call(READER, 'holder:requestRenewal', ask(license))).writes).toBe(0);
    licenses.bench.nowMs = NOW_MS + 31 * DAY_MS;
    expect(await licenses.status(license.id)).toMatchObject({ verdict: 'VALID', deemedRenewedTo: '2026-06-29' });
    expect(await licenses.bench.refusal(ISSUER, 'license:refuseRenewal', refusal(license.id))).toBe('RENEWAL_CLOSED');
    const formal = { face: face(license.digests, { validTo: '2027-03-31' }) };
    expect(await licenses.operate(license.id, '02', formal)).toMatchObject({ version: 2, from: '01' });
    expect(await licenses.status(license.id, '2026-04-01T00:00:00Z')).toMatchObject({ verdict: 'VALID' });
  });

  test('refused in time, it ends on its last day', async () => {
    const licenses = await LicenseBench.open();
    const license = await licenses.issue(ENDS);
    const { bench } = licenses;
    expect(await bench.refusal(ISSUER, 'license:refuseRenewal', refusal(license.id))).toBe('RENEWAL_UNKNOWN');
    await bench.call(READER, 'holder:requestRenewal', ask(license));
    const first = refusal(license.id);
    const { payload } = await bench.call(ISSUER, 'license:refuseRenewal', first);
    expect(await bench.call(ISSUER, 'license:refuseRenewal', first)).toMatchObject({ payload, writes: 0 });
    expect(await bench.refusal(ISSUER, 'license:refuseRenewal', refusal(license.id))).toBe('RENEWAL_CLOSED');
    bench.nowMs = NOW_MS + 31 * DAY_MS;
    expect(await licenses.verdict(license.id)).toBe('EXPIRED');
  });

  test('29 days before the end are too late, for the holder and for the authority', async () => {
    const licenses = await LicenseBench.open();
    const license = await licenses.issue({ ...ENDS, validTo: '2026-03-30' });
    expect(await licenses.bench.refusal(READER, 'holder:requestRenewal', ask(license))).toBe('RENEWAL_LATE');
    const next = { face: face(license.digests, { validTo: '2027-03-31' }) };
    expect(await licenses.operateRefusal(license.id, '02', next)).toBe('RENEWAL_LATE');
    licenses.bench.nowMs = NOW_MS + 31 * DAY_MS;
    expect(await licenses.bench.refusal(READER, 'holder:requestRenewal', ask(license))).toBe('LICENSE_STATE');
  });

  test('a renewed licence lasts longer, and one without end needs no renewal', async () => {
    const licenses = await LicenseBench.open();
    const license = await licenses.issue(ENDS);
    const same = { face: face(license.digests, ENDS) };
    expect(await licenses.operateRefusal(license.id, '02', same)).toBe('LICENSE_DATES');
    const later = { face: face(license.digests, { validFrom: '2026-03-02', validTo: '2027-03-31' }) };
    expect(await licenses.operateRefusal(license.id, '02', later)).toBe('LICENSE_DATES');
    const endless = await licenses.issue({ validTo: undefined });
    expect(await licenses.bench.refusal(READER, 'holder:requestRenewal', ask(endless))).toBe('RENEWAL_LATE');
    expect(await licenses.operateRefusal(endless.id, '02', same)).toBe('LICENSE_DATES');
  });

  test('only the holder asks', async () => {
    const licenses = await LicenseBench.open();
    const license = await licenses.issue(ENDS);
    const stranger = ask({ ...license, holder: makeHolder() });
    expect(await licenses.bench.refusal(READER, 'holder:requestRenewal', stranger)).toBe('HOLDER_SIGNATURE');
  });
});
