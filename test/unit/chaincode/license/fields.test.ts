import { randomUUID } from 'node:crypto';

import { NOW_MS } from '../../../support/contract-bench.js';
import { ISSUER, LicenseBench, SUPERIOR, type TestLicense, VERIFIER } from '../../../support/license-bench.js';
import { saltValues, UNITS, VALUES } from '../../../support/license-requests.js';

const about = ({ id }: TestLicense) => ({ requestId: randomUUID(), licenseId: id });

async function kept() {
  const licenses = await LicenseBench.open();
  const license = await licenses.issue();
  licenses.bench.transient = { values: JSON.stringify(license.salted) };
  const outcome = await licenses.bench.call(ISSUER, 'licenseFields:keep', about(license));
  licenses.bench.transient = {};
  return { licenses, license, outcome };
}

/** Everything public that a bench has: keys and values of its ledger. */
function publicText({ bench }: LicenseBench): string {
  return [...bench.ledger.values].map(([key, value]) => `${key} ${value.toString('utf8')}`).join('\n');
}

describe('R28 R29 private values', () => {
  test('are kept in the own organisation alone: nothing public is written, and no answer or event holds them', async () => {
    const { licenses, license, outcome } = await kept();
    expect(outcome.writes).toBe(0);
    const told = JSON.stringify([outcome.payload, outcome.events, publicText(licenses)]);
    for (const value of Object.values(VALUES)) expect(told).not.toContain(value);
    expect(
      [...licenses.bench.ledger.privateValues.keys()].every((key) => key.startsWith('_implicit_org_GuangdongMSP ')),
    ).toBe(true);
    expect(await licenses.bench.ask(ISSUER, 'licenseFields:read', license.id)).toEqual(license.salted);
  });

  test.each([
    ['a value that does not fit its digest', { ...saltValues().salted }, 'LICENSE_FIELDS'],
    ['no value at all', {}, 'LICENSE_FIELDS'],
    ['a salt that is too short', { holderName: { value: '张三', salt: '00' } }, 'REQUEST_MALFORMED'],
    ['a value with spaces around it', { holderName: { value: ' 张三', salt: '0'.repeat(64) } }, 'REQUEST_MALFORMED'],
    ['no object', 7, 'REQUEST_MALFORMED'],
  ])('%s is refused without being repeated', async (_what, values, code) => {
    const licenses = await LicenseBench.open();
    const license = await licenses.issue();
    licenses.bench.transient = { values: JSON.stringify(values) };
    const call = licenses.bench.call(ISSUER, 'licenseFields:keep', about(license));
    await expect(call).rejects.toMatchObject({ code });
    await expect(call).rejects.not.toThrow('张三');
  });

  test('without transient data, or with values among the arguments, nothing is kept', async () => {
    const licenses = await LicenseBench.open();
    const license = await licenses.issue();
    expect(await licenses.bench.refusal(ISSUER, 'licenseFields:keep', about(license))).toBe('REQUEST_MALFORMED');
    licenses.bench.transient = { values: '{' };
    expect(await licenses.bench.refusal(ISSUER, 'licenseFields:keep', about(license))).toBe('REQUEST_MALFORMED');
    const open = { ...about(license), values: license.salted };
    expect(await licenses.bench.refusal(ISSUER, 'licenseFields:keep', open)).toBe('REQUEST_MALFORMED');
  });

  test.each(['licenseFields:keep', 'licenseFields:purge', 'licenseFields:read'])(
    '%s is for the authority and its superior in the same organisation',
    async (transaction) => {
      const { licenses, license } = await kept();
      const argument = transaction.endsWith('read') ? license.id : about(license);
      const call = (caller: typeof ISSUER) => licenses.bench.refusal(caller, transaction, argument);
      expect(await call({ ...ISSUER, mspId: 'BeijingMSP' })).toBe('LICENSE_AUTHORITY');
      expect(await call({ ...ISSUER, unit: '12440000MB3Y00023L' })).toBe('LICENSE_AUTHORITY');
      expect(await call(VERIFIER)).toBe('ROLE_NOT_ALLOWED');
    },
  );

  test('a superior of another organisation may change the status, and reads nothing about the holder', async () => {
    const authorities = [{ ...UNITS.guangdong, superior: UNITS.chongqing }];
    const licenses = await LicenseBench.open({ authorities });
    const license = await licenses.issue();
    const superior = { ...ISSUER, ...UNITS.chongqing };
    await licenses.operate(license.id, '03', {}, superior);
    expect(await licenses.bench.refusal(superior, 'licenseFields:read', license.id)).toBe('LICENSE_AUTHORITY');
    expect(await licenses.bench.refusal(SUPERIOR, 'licenseFields:read', license.id)).toBe('LICENSE_AUTHORITY');
  });
});

describe('delivery after a use', () => {
  const delivery = (license: TestLicense, grantId: string, sequence = 1) => ({
    licenseId: license.id,
    grantId,
    sequence,
  });

  test('the verifier fetches the granted values, for a while, and not after a revocation', async () => {
    const { licenses, license } = await kept();
    const { bench } = licenses;
    const { id: grantId } = await licenses.grant(license);
    const wanted = delivery(license, grantId);
    expect(await bench.refusal(VERIFIER, 'holder:deliver', wanted)).toBe('GRANT_NOT_FOUND');
    await licenses.use(license.id, grantId);
    expect(await bench.ask(VERIFIER, 'holder:deliver', wanted)).toEqual({ holderName: license.salted.holderName });
    const other = { ...VERIFIER, unit: '12110108MB4Y000927' };
    expect(await bench.refusal(other, 'holder:deliver', wanted)).toBe('GRANT_MISMATCH');
    expect(await bench.refusal(VERIFIER, 'holder:deliver', delivery(license, grantId, 0))).toBe('REQUEST_MALFORMED');
    bench.nowMs = NOW_MS + 11 * 60_000;
    expect(await bench.refusal(VERIFIER, 'holder:deliver', wanted)).toBe('GRANT_PERIOD');
  });

  test('what was deleted is delivered to nobody', async () => {
    const { licenses, license } = await kept();
    const { id: grantId } = await licenses.grant(license);
    await licenses.use(license.id, grantId);
    await licenses.bench.call(ISSUER, 'licenseFields:purge', about(license));
    expect(await licenses.bench.refusal(VERIFIER, 'holder:deliver', delivery(license, grantId))).toBe('LICENSE_PURGED');
  });
});

describe('R30 deletion on request', () => {
  test('values go, while status and the integrity of the holder’s file survive and say so', async () => {
    const { licenses, license } = await kept();
    const { bench } = licenses;
    const compare = (fields: object) => bench.ask(VERIFIER, 'license:compare', { licenseId: license.id, fields });
    expect(await compare(license.digests)).toMatchObject({ verdict: 'MATCH', content: 'RECORDED' });
    await bench.call(ISSUER, 'licenseFields:purge', about(license));
    expect(bench.ledger.privateValues.size).toBe(0);
    expect(await compare(license.digests)).toMatchObject({ verdict: 'MATCH', content: 'PURGED' });
    expect(await compare(saltValues().digests)).toMatchObject({ verdict: 'MISMATCH', content: 'PURGED' });
    expect(await compare({ photo: license.digests.holderName })).toMatchObject({ fields: { photo: 'NOT_RECORDED' } });
    expect(await licenses.status(license.id)).toMatchObject({ verdict: 'VALID', content: 'PURGED' });
    for (const transaction of ['licenseFields:purge', 'licenseFields:keep']) {
      expect(await bench.refusal(ISSUER, transaction, about(license))).toBe('LICENSE_PURGED');
    }
    expect(await bench.refusal(ISSUER, 'licenseFields:read', license.id)).toBe('LICENSE_PURGED');
  });
});
