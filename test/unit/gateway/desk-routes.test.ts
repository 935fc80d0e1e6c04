import { type Holder } from '../../../domain/custody.js';
import { type EvidenceEvent } from '../../../domain/evidence-event.js';
import { idFromDigest } from '../../../domain/ids.js';
import { type LicenseEvent } from '../../../domain/license-event.js';
import { parseLicenseTypeCode } from '../../../domain/license-id.js';
import { licenseId, TYPE_CODE, UNITS } from '../../support/license-requests.js';
import { chainOf, transactionOf } from './support/blocks.js';
import { hash } from './support/fake-ledger.js';
import { GatewayBench } from './support/gateway-bench.js';
import { CLERK, evidenceId, OFFICER, registered } from './support/records.js';

const unitOf = ({ mspId, unit }: typeof CLERK) => ({ mspId, unit });
const OWN = unitOf(CLERK);
const ISSUER = { ...CLERK, role: 'issuer', name: 'issuer-02' } as const;
const OTHER = unitOf(OFFICER);
const COMMON = { evidenceId: evidenceId('a'), actor: CLERK, txTime: '2026-03-01T08:30:00.000Z' } as const;
const idOf = (name: string) => idFromDigest('CT', hash(name));

const offered = (name: string, from: Holder, to: Holder): EvidenceEvent => ({
  kind: 'evidence.handed-over',
  ...COMMON,
  ...{ entryId: idOf(name), from, to, purpose: 'examination' },
});
const accepted = (name: string, from: Holder, to: Holder): EvidenceEvent => ({
  kind: 'evidence.transfer-answered',
  ...COMMON,
  ...{ entryId: idOf(name), from, to, answer: 'accepted' },
});

/** An event about version 001 of a licence. */
const about = (kind: LicenseEvent['kind'], serial: string, more: object = {}): LicenseEvent => ({
  kind,
  licenseId: licenseId(serial),
  ...(kind === 'license.renewal-requested' ? {} : { actor: ISSUER }),
  txTime: '2026-03-01T08:30:00.000Z',
  ...more,
});
const entryOf = (name: string) => ({ entryId: idFromDigest('LA', hash(name)) });
const issued = (serial: string) =>
  about('license.issued', serial, { ...entryOf(serial), operation: '01', status: '01' });
const operated = (serial: string, operation: string, more: object) =>
  about('license.operated', serial, { ...entryOf(`${operation} ${serial}`), operation, ...more });
const asked = (serial: string, version = 1) =>
  about('license.renewal-requested', serial, { licenseId: licenseId(serial, version) });
const typeDefined = (typeCode: string): LicenseEvent => ({
  ...{ kind: 'license.type-defined', typeCode: parseLicenseTypeCode(typeCode) },
  ...{ actor: ISSUER, txTime: '2026-03-01T08:30:00.000Z' },
});

describe('the desk of a unit', () => {
  let bench: GatewayBench;
  beforeEach(async () => {
    bench = await GatewayBench.start();
  });
  afterEach(async () => {
    await bench.close();
  });
  const index = (...transactions: ReturnType<typeof transactionOf>[]) => {
    for (const block of chainOf(...transactions)) bench.parts.index.append(block);
  };

  test('lists what the own unit recorded, newest first, in pages, and nothing that was rejected', async () => {
    index(
      transactionOf('a', registered('a')),
      transactionOf('b', registered('b')),
      transactionOf('lost', registered('c'), { code: 'MVCC_READ_CONFLICT' }),
    );
    const first = await bench.call('clerk', 'GET', '/v1/desk/records?limit=1');
    const cursor = String(first.body.cursor);
    const second = await bench.call('clerk', 'GET', `/v1/desk/records?limit=1&cursor=${cursor}`);
    const ids = [first, second].flatMap(({ body }) => (body.records as { id: string }[]).map(({ id }) => id));
    expect(ids).toEqual([evidenceId('b'), evidenceId('a')]);
  });

  test('lists hand-overs that wait, by side, until they are answered', async () => {
    const offers = async (side: string) => {
      const { body } = await bench.call('clerk', 'GET', `/v1/desk/offers?side=${side}`);
      return (body.offers as { transferId: string }[]).map(({ transferId }) => transferId);
    };
    index(
      transactionOf('to us', offered('to us', OTHER, OWN)),
      transactionOf('by us', offered('by us', OWN, OTHER)),
      transactionOf('rejected', offered('rejected', OTHER, OWN), { code: 'MVCC_READ_CONFLICT' }),
      transactionOf('taken', offered('taken', OTHER, OWN)),
      transactionOf('answer', accepted('taken', OTHER, OWN)),
      transactionOf('elsewhere', offered('elsewhere', OTHER, { ...OTHER, unit: '12330200MB2Y00013W' })),
    );
    expect(await offers('received')).toEqual([idOf('to us')]);
    expect(await offers('given')).toEqual([idOf('by us')]);
  });

  test('lists what the own unit issued, and the types that it defined, newest first, nothing of others', async () => {
    const others = { creator: { ...transactionOf('', undefined).creator, unit: UNITS.beijing.unit } };
    index(
      transactionOf('first', issued('2026000001')),
      transactionOf('second', issued('2026000002')),
      transactionOf('lost', issued('2026000003'), { code: 'MVCC_READ_CONFLICT' }),
      transactionOf('theirs', issued('2026000004'), others),
      transactionOf('type', typeDefined(TYPE_CODE)),
      transactionOf('type again', typeDefined(TYPE_CODE)),
      transactionOf('their type', typeDefined(`${UNITS.beijing.unit}001`), others),
    );
    const page = async (more = '') => {
      const { body } = await bench.call('issuer', 'GET', `/v1/desk/licenses?limit=1${more}`);
      return { ids: (body.licenses as { id: string }[]).map(({ id }) => id), cursor: String(body.cursor) };
    };
    const first = await page();
    const second = await page(`&cursor=${first.cursor}`);
    expect([first.ids, second.ids]).toEqual([[licenseId('2026000002')], [licenseId('2026000001')]]);
    expect((await page(`&cursor=${second.cursor}`)).ids).toEqual([]);
    const { body } = await bench.call('issuer', 'GET', '/v1/desk/license-types');
    expect(body.typeCodes).toEqual([TYPE_CODE]);
  });

  test('lists renewals of its licences that nobody decided, of whatever version', async () => {
    const serials = ['2026000001', '2026000002', '2026000003', '2026000004', '2026000005'] as const;
    const [waits, refused, renewed, ended, suspended] = serials;
    const others = { creator: { ...transactionOf('', undefined).creator, unit: UNITS.beijing.unit } };
    index(
      ...serials.map((serial) => transactionOf(`issue ${serial}`, issued(serial))),
      transactionOf('theirs', issued('2026000009'), others),
      transactionOf('not ours', asked('2026000009')),
      transactionOf('a later version', asked(waits, 2)),
      ...[refused, renewed, ended, suspended].map((serial) => transactionOf(`ask ${serial}`, asked(serial))),
      transactionOf('refuse', about('license.renewal-refused', refused)),
      transactionOf('renew', operated(renewed, '02', { status: '01', successor: licenseId(renewed, 2) })),
      transactionOf('end', operated(ended, '05', { status: '04' })),
      transactionOf('suspend', operated(suspended, '03', { status: '02' })),
    );
    const { body } = await bench.call('issuer', 'GET', '/v1/desk/renewals');
    expect((body.renewals as { licenseId: string }[]).map(({ licenseId }) => licenseId)).toEqual([
      licenseId(waits, 2),
      licenseId(suspended),
    ]);
  });

  test('is for posts that work with evidence, or with licences', async () => {
    for (const role of ['issuer', 'auditor', 'admin']) {
      expect((await bench.call(role, 'GET', '/v1/desk/records')).status).toBe(403);
    }
    for (const list of ['licenses', 'renewals', 'license-types']) {
      expect((await bench.call('clerk', 'GET', `/v1/desk/${list}`)).status).toBe(403);
    }
    expect((await bench.call('clerk', 'GET', '/v1/desk/offers?side=both')).body.code).toBe('REQUEST_MALFORMED');
  });
});
