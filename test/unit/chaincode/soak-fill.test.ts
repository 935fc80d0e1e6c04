import '../../support/silent-shim.js'; // Before the contracts.
import '../../support/soak/add-fill-contract.js'; // Before the bench reads the list of contracts.
import { type Attestation } from '../../../domain/attestation-record.js';
import { type LicenseAct } from '../../../domain/license.js';
import { item } from '../../support/attestation-bench.js';
import { type Caller, ContractBench } from '../../support/contract-bench.js';
import { MATTER, typeRequest, UNITS } from '../../support/license-requests.js';
import { ITEM } from '../../support/soak/licence-pair.js';

const ISSUER: Caller = { ...UNITS.guangdong, name: 'issuer', role: 'issuer', region: '440000' };
const ADMIN: Caller = { ...ISSUER, name: 'admin', role: 'admin' };
const ASKER: Caller = { ...UNITS.beijing, name: 'officer', role: 'officer', region: '110108' };

async function open(): Promise<ContractBench> {
  const bench = await ContractBench.open();
  await bench.call(ISSUER, 'license:defineType', {
    ...typeRequest(),
    requestId: '00000000-0000-4000-8000-000000000001',
  });
  const more = { itemId: ITEM.itemId, unit: UNITS.guangdong.unit, licence: true, matters: [MATTER] };
  await bench.call(ADMIN, 'catalogue:publish', item(1, more));
  return bench;
}

/** Everything a peer would keep, but for the ids of the transactions that wrote it. */
function keptBy({ ledger }: ContractBench): Map<string, string> {
  const texts = [...ledger.values, ...ledger.privateValues].map(([key, value]): [string, string] => [
    key,
    value.toString().replace(/"txId":"[0-9a-f]{64}"/g, '"txId"'),
  ]);
  const policies = [...ledger.policies].map(([key, policy]): [string, string] => [
    `policy ${key}`,
    Buffer.from(policy).toString('hex'),
  ]);
  return new Map([...texts, ...policies]);
}

test('what fills a ledger for measurements leaves the state that the contracts leave', async () => {
  const filled = await open();
  await filled.call(ISSUER, 'fill:pairs', '7', '2');
  const real = await open();
  const stored = [...filled.ledger.values].map(
    ([key, value]) => [key, JSON.parse(value.toString()) as object] as const,
  );
  const written = <Value>(type: string) =>
    stored.filter(([key]) => key.startsWith(`\u0000${type}\u0000`)).map(([, value]) => value as Value);
  for (const { request } of written<LicenseAct>('license-act')) await real.call(ISSUER, 'license:issue', request);
  for (const { id, item: asked, ...record } of written<Attestation>('attestation')) {
    const { requestId, matter, purpose, legalBasis, basis, holderKey, fields, licence, payloadDigest } = record;
    const wanted = { requestId, matter, purpose, legalBasis, basis, holderKey, fields, licence, payloadDigest };
    const request = { ...wanted, item: { mspId: asked.mspId, itemId: asked.itemId }, commitment: true };
    const payload = [...filled.ledger.privateValues].find(([key]) => key.includes(id))?.[1].toString() ?? '';
    await real.callWith(JSON.parse(payload) as object, ASKER, 'attestation:request', request);
  }
  expect(keptBy(filled)).toEqual(keptBy(real));
  expect(written('license-act')).toHaveLength(2);
  expect(filled.ledger.privateValues.size).toBe(4);
});
