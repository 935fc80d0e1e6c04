import { randomUUID } from 'node:crypto';

import { type Trail } from '../../../../domain/attestation-trail.js';
import { NOW_MS, READER } from '../../../support/contract-bench.js';
import { ISSUER, LicenseBench, useRequest, VERIFIER } from '../../../support/license-bench.js';
import { grantStatement, makeHolder, MATTER, signAs, UNITS } from '../../../support/license-requests.js';

describe('R31 grants: what the holder signed, and nothing more', () => {
  test('one verifier, one matter, one use; the answer holds digests of the granted fields alone', async () => {
    const licenses = await LicenseBench.open();
    const license = await licenses.issue();
    const { id: grantId, consentBy } = await licenses.grant(license);
    expect(consentBy).toBe('holder');
    const use = await licenses.use(license.id, grantId);
    expect(use).toMatchObject({ sequence: 1, shown: license.id, verifier: UNITS.beijing });
    expect(use.fields).toEqual({ holderName: license.digests.holderName });
    expect(await licenses.useRefusal(license.id, grantId)).toBe('GRANT_EXHAUSTED');
  });

  test('the same request again shows the same use and consumes none; the same grant again is one grant', async () => {
    const licenses = await LicenseBench.open();
    const license = await licenses.issue();
    const statement = grantStatement(license.id, { maxUses: 2 });
    const pass = () => licenses.bench.call(READER, 'holder:grant', signAs(license.holder, statement));
    const first = await pass();
    expect(await pass()).toMatchObject({ payload: first.payload, writes: 0 });
    const { id: grantId } = JSON.parse(first.payload) as { id: string };
    const requestId = randomUUID();
    const use = await licenses.use(license.id, grantId, { requestId });
    expect(await licenses.use(license.id, grantId, { requestId })).toEqual(use);
    expect(await licenses.use(license.id, grantId)).toMatchObject({ sequence: 2 });
    expect(await licenses.useRefusal(license.id, grantId)).toBe('GRANT_EXHAUSTED');
  });

  test.each([
    ['another unit', {}, { ...VERIFIER, unit: '12110108MB4Y000927' }, 'GRANT_MISMATCH'],
    ['the same unit code in another organisation', {}, { ...VERIFIER, mspId: 'ZhejiangMSP' }, 'GRANT_MISMATCH'],
    ['another matter', { matterCode: '000131012001' }, VERIFIER, 'GRANT_MISMATCH'],
    ['a grant that is not there', { grantId: `LG${'0'.repeat(32)}` }, VERIFIER, 'GRANT_NOT_FOUND'],
    ['a matter code that is a person', { matterCode: '11010519491231002X' }, VERIFIER, 'REQUEST_MALFORMED'],
    ['a role that verifies nothing', {}, { ...VERIFIER, role: 'auditor' as const }, 'ROLE_NOT_ALLOWED'],
  ])('a use by or for %s is refused and consumes nothing', async (_what, more, caller, code) => {
    const licenses = await LicenseBench.open();
    const license = await licenses.issue();
    const { id: grantId } = await licenses.grant(license);
    expect(await licenses.useRefusal(license.id, grantId, more, caller)).toBe(code);
    expect(await licenses.use(license.id, grantId)).toMatchObject({ sequence: 1 });
  });

  test('outside its time a grant allows nothing', async () => {
    const licenses = await LicenseBench.open();
    const license = await licenses.issue();
    const notBefore = new Date(NOW_MS + 60_000).toISOString();
    const { id: later } = await licenses.grant(license, { notBefore });
    expect(await licenses.useRefusal(license.id, later)).toBe('GRANT_PERIOD');
    const { id: short } = await licenses.grant(license, { notAfter: notBefore });
    licenses.bench.nowMs = NOW_MS + 61_000;
    expect(await licenses.useRefusal(license.id, short)).toBe('GRANT_PERIOD');
    expect(await licenses.use(license.id, later)).toMatchObject({ sequence: 1 });
    await expect(licenses.grant(license, { notAfter: notBefore })).rejects.toMatchObject({ code: 'GRANT_PERIOD' });
  });

  test('a grant that was taken back is refused, while the use before it stands', async () => {
    const licenses = await LicenseBench.open();
    const license = await licenses.issue();
    const { id: grantId } = await licenses.grant(license, { maxUses: 5 });
    await licenses.use(license.id, grantId);
    const revoke = { kind: 'license.revoke', licenseId: license.id, grantId };
    const stranger = signAs(makeHolder(), revoke);
    expect(await licenses.bench.refusal(READER, 'holder:revoke', stranger)).toBe('HOLDER_SIGNATURE');
    await licenses.bench.call(READER, 'holder:revoke', signAs(license.holder, revoke));
    expect(await licenses.useRefusal(license.id, grantId)).toBe('GRANT_REVOKED');
    const none = signAs(license.holder, { ...revoke, grantId: `LG${'0'.repeat(32)}` });
    expect(await licenses.bench.refusal(READER, 'holder:revoke', none)).toBe('GRANT_NOT_FOUND');
    const again = await licenses.bench.call(READER, 'holder:revoke', signAs(license.holder, revoke));
    expect(again.writes).toBe(0);
  });

  test('a suspended licence is not shown, and a regional one not outside its region', async () => {
    const licenses = await LicenseBench.open({ scope: { kind: 'regional', regions: ['44', '110105'] } });
    const license = await licenses.issue();
    const { id: grantId } = await licenses.grant(license);
    expect(await licenses.useRefusal(license.id, grantId)).toBe('LICENSE_SCOPE');
    await licenses.operate(license.id, '03');
    const near = { ...VERIFIER, region: '440100' };
    expect(await licenses.useRefusal(license.id, grantId, {}, near)).toBe('LICENSE_STATE');
    await licenses.operate(license.id, '06');
    expect(await licenses.use(license.id, grantId, {}, near)).toMatchObject({ sequence: 1 });
  });

  const statements: readonly (readonly [string, object, string])[] = [
    ['a field that the licence lacks', { fields: ['photo'] }, 'LICENSE_FIELDS'],
    ['a field twice', { fields: ['holderName', 'holderName'] }, 'REQUEST_MALFORMED'],
    ['no purpose', { purpose: undefined }, 'REQUEST_MALFORMED'],
    ['a purpose in words', { purpose: '张三办理跨省迁移' }, 'REQUEST_MALFORMED'],
    ['uses without number', { maxUses: 21 }, 'REQUEST_MALFORMED'],
    ['a time without end', { notAfter: '2028-01-01T00:00:00Z' }, 'REQUEST_MALFORMED'],
    [
      'a licence that is not there',
      { licenseId: '1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U' },
      'LICENSE_NOT_FOUND',
    ],
    ['another kind of statement', { kind: 'license.revoke' }, 'REQUEST_MALFORMED'],
  ];
  test.each(statements)('a grant of %s is refused', async (_what, more, code) => {
    const licenses = await LicenseBench.open();
    const license = await licenses.issue();
    await expect(licenses.grant(license, more)).rejects.toMatchObject({ code });
  });

  test('nobody but the enrolled key signs: not another key, not a changed statement, not a point off the curve', async () => {
    const licenses = await LicenseBench.open();
    const license = await licenses.issue();
    const statement = grantStatement(license.id);
    const refused = (request: object) => licenses.bench.refusal(READER, 'holder:grant', request);
    expect(await refused(signAs(makeHolder(), statement))).toBe('HOLDER_SIGNATURE');
    expect(await refused({ ...signAs(license.holder, statement), statement: { ...statement, maxUses: 9 } })).toBe(
      'HOLDER_SIGNATURE',
    );
    const point = Buffer.concat([Buffer.of(4), Buffer.alloc(64, 1)]).toString('base64url');
    const off = await licenses.issue({}, { holder: { key: point } });
    expect(await refused(signAs(license.holder, grantStatement(off.id)))).toBe('HOLDER_SIGNATURE');
  });

  test('a grant for an old version is refused, one of before goes on for the new version', async () => {
    const licenses = await LicenseBench.open();
    const license = await licenses.issue();
    const { id: grantId } = await licenses.grant(license);
    const next = await licenses.operate(license.id, '09', {
      face: { validFrom: '2026-01-01', fields: license.digests },
    });
    await expect(licenses.grant(license)).rejects.toMatchObject({ code: 'LICENSE_SUPERSEDED' });
    expect(await licenses.use(license.id, grantId)).toMatchObject({ shown: next.licenseId });
  });
});

describe('R31 guardians', () => {
  test("while a guardian's key is enrolled, it alone acts", async () => {
    const licenses = await LicenseBench.open();
    const guardian = makeHolder();
    const holder = makeHolder();
    const license = await licenses.issue({}, { holder: { key: holder.key, guardianKey: guardian.key } });
    await expect(licenses.grant({ ...license, holder })).rejects.toMatchObject({ code: 'GUARDIAN_REQUIRED' });
    expect(await licenses.grant({ ...license, holder: guardian })).toMatchObject({ consentBy: 'guardian' });
    const enrol = { requestId: randomUUID(), licenseId: license.id, holder: { key: holder.key } };
    await licenses.bench.call(ISSUER, 'licenseFields:enrol', enrol);
    await expect(licenses.grant({ ...license, holder: guardian })).rejects.toMatchObject({ code: 'HOLDER_SIGNATURE' });
    expect(await licenses.grant({ ...license, holder })).toMatchObject({ consentBy: 'holder' });
  });
});

describe('亮证: codes that live briefly and are used once', () => {
  test('a use needs a fresh code, and a code serves once', async () => {
    const licenses = await LicenseBench.open();
    const license = await licenses.issue();
    const { id: grantId } = await licenses.grant(license, { mode: 'present', maxUses: 5 });
    expect(await licenses.useRefusal(license.id, grantId)).toBe('CODE_REQUIRED');
    const presentation = licenses.present(license, grantId);
    await licenses.use(license.id, grantId, { presentation });
    expect(await licenses.useRefusal(license.id, grantId, { presentation })).toBe('CODE_USED');
    expect(await licenses.use(license.id, grantId, { presentation: licenses.present(license, grantId) })).toMatchObject(
      {
        sequence: 2,
      },
    );
  });

  test('a screenshot shown later has expired, and a code may not be made to last', async () => {
    const licenses = await LicenseBench.open();
    const license = await licenses.issue();
    const { id: grantId } = await licenses.grant(license, { mode: 'present', maxUses: 5 });
    const presentation = licenses.present(license, grantId);
    const lasting = licenses.present(license, grantId, 121_000);
    expect(await licenses.useRefusal(license.id, grantId, { presentation: lasting })).toBe('CODE_EXPIRED');
    licenses.bench.nowMs = NOW_MS + 60_001;
    expect(await licenses.useRefusal(license.id, grantId, { presentation })).toBe('CODE_EXPIRED');
  });

  test('a code for another grant, or by another key, is none', async () => {
    const licenses = await LicenseBench.open();
    const license = await licenses.issue();
    const { id: grantId } = await licenses.grant(license, { mode: 'present', maxUses: 5 });
    const { id: other } = await licenses.grant(license, { mode: 'present', maxUses: 5 });
    const foreign = licenses.present(license, other);
    expect(await licenses.useRefusal(license.id, grantId, { presentation: foreign })).toBe('GRANT_MISMATCH');
    const forged = licenses.present({ ...license, holder: makeHolder() }, grantId);
    expect(await licenses.useRefusal(license.id, grantId, { presentation: forged })).toBe('HOLDER_SIGNATURE');
  });
});

describe("the holder's trail", () => {
  test('who looked, when, what for and with which outcome, newest first, for the holder alone', async () => {
    const licenses = await LicenseBench.open();
    const license = await licenses.issue();
    const { id: grantId } = await licenses.grant(license, { maxUses: 2 });
    licenses.bench.nowMs = NOW_MS + 1_000;
    await licenses.use(license.id, grantId);
    licenses.bench.nowMs = NOW_MS + 2_000;
    const revoke = { kind: 'license.revoke', licenseId: license.id, grantId };
    await licenses.bench.call(READER, 'holder:revoke', signAs(license.holder, revoke));
    const ask = (livesMs: number) => ({
      ...{ kind: 'license.trail', licenseId: license.id },
      notAfter: new Date(licenses.bench.nowMs + livesMs).toISOString(),
    });
    const { entries } = await licenses.bench.ask<Trail>(READER, 'holder:trail', signAs(license.holder, ask(60_000)));
    expect(entries.map(({ action, outcome }) => [action, outcome])).toEqual([
      ['revoke', 'revoked'],
      ['use', 'shown'],
      ['grant', 'granted'],
    ]);
    expect(entries[1]).toMatchObject({ receiver: UNITS.beijing, matterCode: MATTER, by: 'officer-1' });
    const refused = (request: object) => licenses.bench.refusal(READER, 'holder:trail', request);
    expect(await refused(signAs(makeHolder(), ask(60_000)))).toBe('HOLDER_SIGNATURE');
    expect(await refused(signAs(license.holder, ask(-1)))).toBe('CODE_EXPIRED');
    expect(await refused(signAs(license.holder, ask(600_000)))).toBe('CODE_EXPIRED');
  });

  test('a use of one licence says nothing of another', async () => {
    const licenses = await LicenseBench.open();
    const [one, other] = [await licenses.issue(), await licenses.issue()];
    const { id: grantId } = await licenses.grant(one);
    await licenses.grant(other);
    const text = JSON.stringify(await licenses.use(one.id, grantId));
    expect(text).not.toContain(other.id);
    expect(await licenses.bench.refusal(VERIFIER, 'holder:use', useRequest(other.id, grantId))).toBe('GRANT_NOT_FOUND');
  });
});
