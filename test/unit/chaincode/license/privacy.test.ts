import { randomUUID } from 'node:crypto';

import { DomainError } from '../../../../domain/errors.js';
import { type Caller, READER } from '../../../support/contract-bench.js';
import { DOCUMENT, ISSUER, LicenseBench, VERIFIER } from '../../../support/license-bench.js';
import { AWAY } from '../../../support/transfer-bench.js';
import {
  face,
  grantStatement,
  makeHolder,
  MATTER,
  saltValues,
  typeRequest,
  UNITS,
} from '../../../support/license-requests.js';

/** A person who does not exist: number with a valid check digit, mobile, name, address. */
const SEEDS = ['11010519491231002X', '13800138000', '张三', 'zhangsan@example.com'];

/** A copy of the value for each text, number and list in it, with the seed in that place; and one with a member more. */
function seeded(value: unknown, seed: string): unknown[] {
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    return [seed, ...list.flatMap((each, at) => seeded(each, seed).map((inner) => list.with(at, inner)))];
  }
  if (typeof value !== 'object' || value === null) return [seed];
  const members = Object.entries(value).flatMap(([name, each]) =>
    seeded(each, seed).map((inner) => ({ ...value, [name]: inner })),
  );
  return [...members, { ...value, note: seed }, { ...value, [seed]: '' }];
}

const about = (id: string) => ({ requestId: randomUUID(), licenseId: id });
const signed = (statement: object) => ({ statement, signature: 'A'.repeat(86) });
const keys = { key: makeHolder().key, guardianKey: makeHolder().key };
const grantId = `LG${'0'.repeat(32)}`;
const changed = (id: string) => {
  const unitCodes = { companyCode: UNITS.beijing.unit };
  return { ...about(id), operation: '09', face: face(saltValues().digests, { unitCodes }) };
};

const requests: readonly (readonly [string, Caller, (id: string) => object])[] = [
  ['license:defineType', ISSUER, () => typeRequest({ scope: { kind: 'regional', regions: ['44'] } })],
  ['license:issue', ISSUER, (id) => ({ ...changed(id), operation: '01', holder: keys })],
  ['license:operate', ISSUER, (id) => ({ ...changed(id), documentDigest: DOCUMENT })],
  ['license:operate', ISSUER, (id) => ({ ...about(id), operation: '05', documentDigest: DOCUMENT, ...AWAY })],
  ['license:refuseRenewal', ISSUER, (id) => ({ ...about(id), documentDigest: DOCUMENT })],
  ['licenseFields:enrol', ISSUER, (id) => ({ ...about(id), holder: keys })],
  ['licenseFields:purge', ISSUER, about],
  ['holder:grant', READER, (id) => signed(grantStatement(id))],
  ['holder:revoke', READER, (id) => signed({ kind: 'license.revoke', licenseId: id, grantId })],
  ['holder:requestRenewal', READER, (id) => signed({ kind: 'license.renew', licenseId: id })],
  ['holder:use', VERIFIER, (id) => ({ ...about(id), grantId, matterCode: MATTER })],
];

describe('R28 no request about a licence takes a person’s number, phone, name or address in any place', () => {
  test.each(requests)(
    '%s: the contract itself refuses all of them, repeats nothing and writes nothing',
    async (transaction, caller, make) => {
      const licenses = await LicenseBench.open();
      const { id } = await licenses.issue();
      const { bench } = licenses;
      const before = new Map(bench.ledger.values);
      const accepted: unknown[] = [];
      for (const each of SEEDS.flatMap((seed) => seeded(make(id), seed))) {
        const outcome: unknown = await bench.call(caller, transaction, each as object).catch((error: unknown) => error);
        const refused = outcome instanceof DomainError && SEEDS.every((seed) => !outcome.message.includes(seed));
        if (!refused) accepted.push([each, outcome]);
      }
      expect(accepted).toEqual([]);
      expect(bench.ledger.values).toEqual(before);
    },
    60_000,
  );
});
