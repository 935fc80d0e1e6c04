import { ACTS_MAX, GRANTS_MAX } from '../../../../chaincode/license/limits.js';
import { LicenseBench } from '../../../support/license-bench.js';
import { UNITS } from '../../../support/license-requests.js';
import { AWAY } from '../../../support/transfer-bench.js';

describe('what one licence takes', () => {
  test(`${ACTS_MAX} acts, issue included, and the next one is ENTRY_LIMIT`, async () => {
    const licenses = await LicenseBench.open();
    const { id } = await licenses.issue();
    rewrite(licenses, 'license-head', (head) => ({ ...head, sequence: ACTS_MAX - 1 }));
    await licenses.operate(id, '03');
    expect(await licenses.operateRefusal(id, '06')).toBe('ENTRY_LIMIT');
  });

  test(`${GRANTS_MAX} grants, and the next one is ENTRY_LIMIT`, async () => {
    const licenses = await LicenseBench.open();
    const license = await licenses.issue();
    await licenses.grant(license);
    const [key, value] = entryOf(licenses, 'license-grant');
    for (let n = 2; n < GRANTS_MAX; n += 1) {
      licenses.bench.ledger.values.set(key.replace(/LG[0-9a-f]{32}/, `LG${String(n).padStart(32, '0')}`), value);
    }
    await licenses.grant(license);
    await expect(licenses.grant(license)).rejects.toMatchObject({ code: 'ENTRY_LIMIT' });
  });

  test('a transfer to an organisation that is no member is CONSORTIUM_NOT_MEMBER', async () => {
    const licenses = await LicenseBench.open();
    const { id } = await licenses.issue();
    const away = { ...AWAY, transferTo: { ...UNITS.chongqing, mspId: 'SichuanMSP' } };
    expect(await licenses.operateRefusal(id, '05', away)).toBe('CONSORTIUM_NOT_MEMBER');
  });
});

/** The only entry of a type. */
function entryOf({ bench }: LicenseBench, type: string): [key: string, value: Buffer] {
  const found = [...bench.ledger.values].find(([key]) => key.startsWith(`\u0000${type}\u0000`));
  if (found === undefined) throw new Error(`no ${type} on the ledger`);
  return found;
}

function rewrite(licenses: LicenseBench, type: string, change: (value: object) => object): void {
  const [key, value] = entryOf(licenses, type);
  const changed = change(JSON.parse(value.toString()) as object);
  licenses.bench.ledger.values.set(key, Buffer.from(JSON.stringify(changed)));
}
