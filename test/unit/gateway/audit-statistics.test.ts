import { type AttestationEvent } from '../../../domain/attestation-event.js';
import { idFromDigest } from '../../../domain/ids.js';
import { statisticSql, STATISTICS } from '../../../gateway/audit/statistics.js';
import { chainOf, transactionOf } from './support/blocks.js';
import { hash } from './support/fake-ledger.js';
import { GatewayBench } from './support/gateway-bench.js';
import { accessed, CLERK, OFFICER, registered } from './support/records.js';

const DUE = '2026-03-05T00:00:00.000Z';

/** One act on an attestation that Zhejiang is asked for. */
function act(name: string, kind: 'requested' | 'answered' | 'refused' | 'withdrawn', txTime: string, more = {}) {
  const states = { requested: 'REQUESTED', answered: 'ATTESTED', refused: 'REFUSED', withdrawn: 'WITHDRAWN' } as const;
  const event = {
    kind: `attestation.${kind}`,
    attestationId: idFromDigest('AT', hash(name)),
    actor: CLERK,
    txTime,
    requester: { mspId: CLERK.mspId, unit: CLERK.unit },
    answerer: { mspId: OFFICER.mspId, unit: OFFICER.unit },
    itemId: 'ZJ-LICENCE-STATUS',
    matter: '000121001000',
    state: states[kind],
    dueAt: DUE,
    escalateAt: DUE,
    ...more,
  } as unknown as AttestationEvent;
  return transactionOf(`${name} ${kind}`, undefined, {
    time: txTime,
    event: { name: event.kind, payload: JSON.stringify(event) },
  });
}

const asked = (name: string, dueAt = DUE) => act(name, 'requested', '2026-03-02T08:00:00.000Z', { dueAt });
const CHAIN = chainOf(
  transactionOf('a', registered('a')),
  transactionOf('late evening in UTC', registered('b'), { time: '2026-03-01T16:30:00.000Z' }),
  transactionOf('other', accessed('a'), {
    creator: { ...transactionOf('x', undefined).creator, mspId: 'ZhejiangMSP' },
  }),
  transactionOf('lost', accessed('a'), { code: 'MVCC_READ_CONFLICT' }),
  asked('in time'),
  act('in time', 'answered', '2026-03-04T08:00:00.000Z', { validUntil: '2027-01-01T00:00:00.000Z' }),
  asked('late'),
  act('late', 'answered', '2026-03-06T08:00:00.000Z', { validUntil: '2027-01-01T00:00:00.000Z' }),
  asked('no'),
  act('no', 'refused', '2026-03-03T08:00:00.000Z', { code: 'NOT_FOUND' }),
  asked('forgotten'),
  asked('waits', '2999-01-01T00:00:00.000Z'),
  asked('taken back'),
  act('taken back', 'withdrawn', '2026-03-03T08:00:00.000Z', { code: 'mistake' }),
);

let bench: GatewayBench;
beforeAll(async () => {
  bench = await GatewayBench.start();
  for (const block of CHAIN) bench.parts.index.append(block);
});
afterAll(async () => {
  await bench.close();
});

async function rows(query: string): Promise<unknown> {
  const { status, body } = await bench.call('auditor', 'GET', `/v1/audit/statistics?${query}`);
  return status === 200 ? body.rows : [status, body.code];
}

describe('what is counted', () => {
  test('by organisation, with what the peers did not take', async () => {
    expect(await rows('by=org')).toEqual([
      { key: 'ChongqingMSP', count: 14, refused: 1 },
      { key: 'ZhejiangMSP', count: 1, refused: 0 },
    ]);
  });

  test('by kind, in a period', async () => {
    expect(await rows('by=kind&to=2026-03-01')).toEqual([
      { key: 'config', count: 1, refused: 0 },
      { key: 'evidence.accessed', count: 2, refused: 1 },
      { key: 'evidence.registered', count: 2, refused: 0 },
    ]);
  });

  test('by day, in UTC or as the calendar in China has it', async () => {
    expect(await rows('by=day&to=2026-03-02')).toEqual([
      { key: '2026-03-01', count: 5, refused: 1 },
      { key: '2026-03-02', count: 6, refused: 0 },
    ]);
    expect(await rows('by=day&to=2026-03-02&zone=%2B08:00')).toEqual([
      { key: '2026-03-01', count: 4, refused: 1 },
      { key: '2026-03-02', count: 7, refused: 0 },
    ]);
  });

  test('by refusal: of peers, and of offices', async () => {
    expect(await rows('by=refusal')).toEqual([
      { key: 'MVCC_READ_CONFLICT', source: 'ledger', count: 1 },
      { key: 'NOT_FOUND', source: 'attestation', count: 1 },
    ]);
  });

  test('by deadline: kept, missed, still open, overdue and taken back', async () => {
    expect(await rows('by=deadline')).toEqual([
      { key: 'ZhejiangMSP', onTime: 2, late: 1, open: 1, overdue: 1, withdrawn: 1 },
    ]);
  });
});

test('auditors alone are told, and only what has a name', async () => {
  expect((await bench.call('clerk', 'GET', '/v1/audit/statistics?by=org')).status).toBe(403);
  for (const query of ['', 'by=actor', 'by=org&zone=Mars', 'by=org&from=x', 'by=org&limit=1']) {
    expect(await rows(query)).toEqual([400, 'REQUEST_MALFORMED']);
  }
});

test.each(STATISTICS)('counting by %s reads indexes alone, never a row', (by) => {
  const { database } = bench.parts.index;
  for (const period of [{}, { from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z' }]) {
    const own = { ...(by === 'day' && { zone: '+00:00' }), ...(by === 'deadline' && { now: '' }) };
    const plan = database
      .prepare(`EXPLAIN QUERY PLAN ${statisticSql(by, period)}`)
      .all({ ...period, ...own, limit: 1 });
    const reads = plan.map(({ detail }) => String(detail)).filter((detail) => /SCAN|SEARCH/.test(detail));
    expect(reads.length).toBeGreaterThan(0);
    expect(reads.filter((detail) => !detail.includes('COVERING INDEX'))).toEqual([]);
  }
});
