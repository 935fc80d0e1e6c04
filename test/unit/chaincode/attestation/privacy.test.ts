import { DomainError } from '../../../../domain/errors.js';
import {
  ANSWERER,
  answering,
  type asked,
  ASKER,
  asking,
  deciding,
  openAttestations,
  payloadDigest,
  REASON,
  SUBJECT,
  TOLD,
} from '../../../support/attestation-bench.js';
import { type Caller, type ContractBench, type Outcome, requestId } from '../../../support/contract-bench.js';

/** A person who does not exist: number, name, mobile, address. */
const SEEDS = ['11010519491231002X', '张三', '13800138000', '海淀区中关村大街 27 号', '2029-12-31'];

function found(text: string): string[] {
  return SEEDS.filter((seed) => text.includes(seed));
}

describe('R28, R29: a private payload stays private', () => {
  test('nothing of a payload leaves the private data: state, events and answers of every act', async () => {
    const bench = await openAttestations();
    const outcomes: Outcome[] = [];
    const act = async (payload: object | undefined, who: Caller, name: string, request: object) => {
      const outcome = await bench.callWith(payload, who, `attestation:${name}`, request);
      outcomes.push(outcome);
      return JSON.parse(outcome.payload) as Awaited<ReturnType<typeof asked>>;
    };
    const { id: attestationId } = await act(SUBJECT, ASKER, 'request', asking(1));
    const told = payloadDigest(TOLD);
    await act(TOLD, ANSWERER, 'deposit', { requestId: requestId(2), attestationId, payloadDigest: told });
    const record = await act(undefined, ANSWERER, 'answer', answering(3, attestationId, { payloadDigest: told }));
    await act(TOLD, ANSWERER, 'preview', deciding(4, record));
    const other = await act(SUBJECT, ASKER, 'request', asking(5));
    await act(REASON, ANSWERER, 'refuse', {
      requestId: requestId(6),
      attestationId: other.id,
      code: 'SUBJECT_UNCLEAR',
      payloadDigest: payloadDigest(REASON),
    });
    expect(outcomes.flatMap(({ payload, events }) => found(JSON.stringify([payload, events])))).toEqual([]);
    expect(found([...bench.ledger.values].flat().join('\n'))).toEqual([]);
    // The search itself finds what is there.
    expect(found([...bench.ledger.privateValues.values()].join('\n'))).toContain('张三');
  });

  test('refusals do not repeat it', async () => {
    const bench = await openAttestations();
    const text = SEEDS.join(' ');
    const payloads: object[] = [
      ...['schema', 'salt', 'numberType', 'number', 'name', 'purpose', 'claims'].map((name) => ({
        ...SUBJECT,
        [name]: name === 'claims' ? { [text]: text } : name === 'name' ? { text } : text.repeat(10),
      })),
      { ...SUBJECT, [text]: text },
    ];
    for (const payload of payloads) {
      const request = asking(1, { payloadDigest: payloadDigest(SUBJECT) });
      const message = await refusalOf(bench, payload, request);
      expect(found(message)).toEqual([]);
    }
  });

  test('no public member takes a text or number of a person', async () => {
    const bench = await openAttestations();
    const names = ['matter', 'purpose', 'legalBasis', 'basis', 'holderKey', 'licence', 'payloadDigest', 'requestId'];
    for (const seed of SEEDS) {
      const requests = [
        ...names.map((name) => asking(1, { [name]: seed })),
        asking(1, { fields: [seed] }),
        asking(1, { item: { mspId: 'ZhejiangMSP', itemId: seed } }),
        asking(1, { note: seed }),
      ];
      for (const request of requests) {
        const message = await refusalOf(bench, SUBJECT, request);
        expect(message).toMatch(/MALFORMED/);
        expect(found(message)).toEqual([]);
      }
      const answers = ['answer', 'asOf', 'sourceSystem', 'validUntil', 'evidenceDigest', 'payloadDigest'];
      for (const name of answers) {
        const request = answering(2, `AT${'0'.repeat(32)}`, { [name]: name === 'validUntil' ? `${seed}T` : seed });
        await expect(bench.call(ANSWERER, 'attestation:answer', request)).rejects.toThrow(/MALFORMED/);
      }
    }
  });

  test('digests cannot be searched: the same person has another digest under another salt', () => {
    expect(payloadDigest({ ...SUBJECT, salt: '00'.repeat(32) })).not.toBe(payloadDigest(SUBJECT));
  });
});

async function refusalOf(bench: ContractBench, payload: object, request: object): Promise<string> {
  const error: unknown = await bench.callWith(payload, ASKER, 'attestation:request', request).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(DomainError);
  return String(error);
}
