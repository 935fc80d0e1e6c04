import { type Attestation } from '../../../../domain/attestation-record.js';
import { answering, ASKER, asking, item, SUBJECT } from '../../../support/attestation-bench.js';
import { type Caller } from '../../../support/contract-bench.js';
import { LicenseBench } from '../../../support/license-bench.js';
import { UNITS } from '../../../support/license-requests.js';

const ADMIN: Caller = { ...UNITS.guangdong, name: 'admin-3', role: 'admin' };
const OFFICER: Caller = { ...UNITS.guangdong, name: 'officer-3', role: 'officer' };
const ELSEWHERE = '1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U';

async function askAbout(licenses: LicenseBench, licence: string): Promise<Attestation> {
  const { bench } = licenses;
  const published = item(1, { itemId: 'GD-LICENCE-STATUS', unit: UNITS.guangdong.unit, licence: true });
  await bench.call(ADMIN, 'catalogue:publish', published);
  const request = asking(2, { item: { mspId: 'GuangdongMSP', itemId: 'GD-LICENCE-STATUS' }, licence });
  const { payload } = await bench.callWith(SUBJECT, ASKER, 'attestation:request', request);
  return JSON.parse(payload) as Attestation;
}

describe('an attestation about a licence of this chain', () => {
  test('may say valid while the licence is in force, and not once it is suspended', async () => {
    const licenses = await LicenseBench.open();
    const { id } = await licenses.issue();
    const asOf = { asOf: new Date(licenses.bench.nowMs).toISOString() };
    const first = await askAbout(licenses, id);
    await licenses.operate(id, '03');
    const refused = await licenses.bench.refusal(OFFICER, 'attestation:answer', answering(3, first.id, asOf));
    expect(refused).toBe('ATTESTATION_LICENCE');
    const honest = answering(4, first.id, { ...asOf, answer: 'INVALID' });
    expect(await licenses.bench.ask(OFFICER, 'attestation:answer', honest)).toMatchObject({ state: 'ATTESTED' });
  });

  test('in force, it is recognised in the other region', async () => {
    const licenses = await LicenseBench.open();
    const { id } = await licenses.issue();
    const { id: attestationId } = await askAbout(licenses, id);
    const answer = answering(3, attestationId, { asOf: new Date(licenses.bench.nowMs).toISOString() });
    const answered = await licenses.bench.ask(OFFICER, 'attestation:answer', answer);
    expect(answered).toMatchObject({ state: 'ATTESTED', licence: id });
  });

  test('a licence of another register is the word of the unit that answers', async () => {
    const licenses = await LicenseBench.open();
    const { id } = await askAbout(licenses, ELSEWHERE);
    expect(await licenses.bench.ask(OFFICER, 'attestation:answer', answering(3, id))).toMatchObject({
      state: 'ATTESTED',
    });
  });
});
