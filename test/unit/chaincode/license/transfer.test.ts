import { randomUUID } from 'node:crypto';

import { type LicenseAct } from '../../../../domain/license.js';
import { ASKER, openAttestations, tellTo, using } from '../../../support/attestation-bench.js';
import { ISSUER, type LicenseBench } from '../../../support/license-bench.js';
import { licenseId, typeRequest, UNITS } from '../../../support/license-requests.js';
import {
  attestTransfer,
  AWAY,
  LETTING_GO,
  NEW_ID,
  NUMBER_DIGEST,
  openTransfers,
  TAKING_OVER,
  takingOver,
  WINDOW,
} from '../../../support/transfer-bench.js';

const refusal = (licenses: LicenseBench, from: object, id?: typeof NEW_ID) =>
  licenses.bench.refusal(TAKING_OVER, 'license:issue', takingOver(from, id));

/** A licence of Guangdong's that is being let go to Chongqing. */
async function letGo() {
  const licenses = await openTransfers();
  const { id } = await licenses.issue();
  await licenses.operate(id, '05', AWAY);
  return { licenses, id };
}

describe('转出 and 转入', () => {
  test('attested by its region, a licence is taken over by the named authority, once, and cannot come back', async () => {
    const { licenses, id } = await letGo();
    expect(await licenses.verdict(id)).toBe('TRANSFERRING');
    const { id: attestationId } = await attestTransfer(licenses, id);
    const from = { licenseId: id, attestationId };
    const taken = await licenses.bench.ask<LicenseAct>(TAKING_OVER, 'license:issue', takingOver(from));
    expect(taken).toMatchObject({ from: 'none', to: '01', request: { operation: '08', transferredFrom: from } });
    expect(await licenses.status(id)).toMatchObject({ verdict: 'TRANSFERRED', transferredTo: NEW_ID });
    expect(await licenses.operateRefusal(id, '10')).toBe('LICENSE_TRANSFER');
    const second = licenseId('5026000002', 1, UNITS.chongqing.unit);
    expect(await refusal(licenses, from, second)).toBe('LICENSE_TRANSFER');
  });

  test('before that, the first authority may call it back, and nobody takes it over any more', async () => {
    const { licenses, id } = await letGo();
    const { id: attestationId } = await attestTransfer(licenses, id);
    await licenses.operate(id, '10');
    expect(await licenses.verdict(id)).toBe('VALID');
    expect(await refusal(licenses, { licenseId: id, attestationId })).toBe('LICENSE_TRANSFER');
  });

  test('one that was not let go, or to somebody else, is not for the caller', async () => {
    const licenses = await openTransfers();
    const [kept, other] = [await licenses.issue(), await licenses.issue()];
    await licenses.operate(other.id, '05', { ...AWAY, transferTo: UNITS.beijing });
    const { id: attestationId } = await attestTransfer(licenses, other.id);
    expect(await refusal(licenses, { licenseId: kept.id, attestationId })).toBe('LICENSE_TRANSFER');
    expect(await refusal(licenses, { licenseId: other.id, attestationId })).toBe('LICENSE_TRANSFER');
  });

  test('inside one region the ledger itself says it all', async () => {
    const licenses = await openTransfers();
    const authorities = [UNITS.guangdong, UNITS.guangdongSuperior];
    await licenses.bench.call(ISSUER, 'license:defineType', typeRequest({ authorities }));
    const { id } = await licenses.issue();
    await licenses.operate(id, '05', { ending: '06', transferTo: UNITS.guangdongSuperior });
    const caller = { ...ISSUER, ...UNITS.guangdongSuperior };
    const request = takingOver({ licenseId: id }, licenseId('5026000003', 1, UNITS.guangdongSuperior.unit));
    expect(await licenses.bench.ask(caller, 'license:issue', request)).toMatchObject({ to: '01' });
  });

  describe('an attestation that does not stand for the transfer is refused:', () => {
    const elsewhere = licenseId('5026000009', 1, UNITS.chongqing.unit);
    test.each([
      ['none at all', (): Promise<undefined> => Promise.resolve(undefined)],
      ['one that was signed but not used', (l: LicenseBench, id: string) => attestTransfer(l, id, { to: 'ACCEPTED' })],
      ['one that says 不一致', (l: LicenseBench, id: string) => attestTransfer(l, id, { answer: 'INCONSISTENT' })],
      [
        'one that was used for another licence',
        (l: LicenseBench, id: string) => attestTransfer(l, id, { newLicence: elsewhere }),
      ],
      [
        'one that a third region asked for',
        (l: LicenseBench, id: string) => attestTransfer(l, id, { asker: { ...WINDOW, mspId: 'ZhejiangMSP' } }),
      ],
      ['one about a licence of no ledger', (l: LicenseBench) => attestTransfer(l, undefined)],
      [
        'one about another licence',
        async (l: LicenseBench) => {
          const { id } = await l.issue();
          await l.operate(id, '05', AWAY);
          return attestTransfer(l, id);
        },
      ],
      [
        'one that was withdrawn since',
        async (l: LicenseBench, id: string) => {
          const record = await attestTransfer(l, id);
          const withdrawal = { requestId: randomUUID(), attestationId: record.id, reason: 'issued-in-error' };
          await l.bench.call(LETTING_GO, 'attestation:withdraw', withdrawal);
          return record;
        },
      ],
    ])('%s', async (_what, make) => {
      const { licenses, id } = await letGo();
      const attestation = await make(licenses, id);
      const from = { licenseId: id, ...(attestation && { attestationId: attestation.id }) };
      expect(await refusal(licenses, from)).toBe('TRANSFER_ATTESTATION');
      expect(await licenses.verdict(id)).toBe('TRANSFERRING');
    });

    test('one that is not there', async () => {
      const { licenses, id } = await letGo();
      const from = { licenseId: id, attestationId: `AT${'0'.repeat(32)}` };
      expect(await refusal(licenses, from)).toBe('ATTESTATION_NOT_FOUND');
    });
  });

  test('a licence that no ledger holds comes with its old number, the same that both regions signed', async () => {
    const licenses = await openTransfers();
    const { id: attestationId, numberDigest } = await attestTransfer(licenses, undefined);
    expect(numberDigest).toBe(NUMBER_DIGEST);
    const other = { previousDigest: 'ab'.repeat(32), attestationId };
    expect(await refusal(licenses, other)).toBe('TRANSFER_ATTESTATION');
    for (const from of [{ previousDigest: NUMBER_DIGEST }, { attestationId }, { ...other, licenseId: NEW_ID }]) {
      expect(await refusal(licenses, from)).toBe('REQUEST_MALFORMED');
    }
    const request = takingOver({ previousDigest: NUMBER_DIGEST, attestationId });
    expect(await licenses.bench.ask(TAKING_OVER, 'license:issue', request)).toMatchObject({ to: '01' });
    expect(await licenses.verdict(NEW_ID)).toBe('VALID');
  });

  test('一致 is not attested of a licence of this ledger that is not let go', async () => {
    const licenses = await openTransfers();
    const { id } = await licenses.issue();
    await expect(attestTransfer(licenses, id)).rejects.toMatchObject({ code: 'ATTESTATION_LICENCE' });
  });

  test('the use names the licence that takes over, and no use of another item names one', async () => {
    const { licenses, id } = await letGo();
    const { id: attestationId } = await attestTransfer(licenses, id, { to: 'ACCEPTED' });
    expect(await licenses.bench.refusal(WINDOW, 'attestation:use', using(7, attestationId))).toBe('REQUEST_MALFORMED');
    const bench = await openAttestations();
    const other = await tellTo('ACCEPTED', bench);
    const named = { ...using(8, other.id), newLicence: NEW_ID };
    expect(await bench.refusal(ASKER, 'attestation:use', named)).toBe('REQUEST_MALFORMED');
  });
});
