import { type Holder } from '../../../domain/custody.js';
import { type EvidenceEvent } from '../../../domain/evidence-event.js';
import { idFromDigest } from '../../../domain/ids.js';
import { chainOf, transactionOf } from './support/blocks.js';
import { hash } from './support/fake-ledger.js';
import { GatewayBench } from './support/gateway-bench.js';
import { CLERK, evidenceId, OFFICER, registered } from './support/records.js';

const unitOf = ({ mspId, unit }: typeof CLERK) => ({ mspId, unit });
const OWN = unitOf(CLERK);
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

  test('is for posts that work with evidence', async () => {
    for (const role of ['issuer', 'auditor', 'admin']) {
      expect((await bench.call(role, 'GET', '/v1/desk/records')).status).toBe(403);
    }
    expect((await bench.call('clerk', 'GET', '/v1/desk/offers?side=both')).body.code).toBe('REQUEST_MALFORMED');
  });
});
