import { type Custody, findCustodyGap, type Transfer } from '../../../domain/custody.js';
import { type EvidenceView } from '../../../domain/evidence-view.js';
import { type Evidence } from '../../../domain/evidence.js';
import {
  type Caller,
  CLERK,
  ContractBench,
  NOTARY,
  OFFICER,
  READER,
  registration,
  requestId,
} from '../../support/contract-bench.js';

const unitOf = ({ mspId, unit }: Caller) => ({ mspId, unit });

class Story {
  readonly bench: ContractBench;
  readonly evidenceId: string;
  #count = 100;

  private constructor(bench: ContractBench, evidenceId: string) {
    this.bench = bench;
    this.evidenceId = evidenceId;
  }

  static async open(): Promise<Story> {
    const bench = await ContractBench.open();
    const { id } = await bench.ask<Evidence>(CLERK, 'evidence:register', registration(1));
    return new Story(bench, id);
  }

  offer(to: Caller, more: object = {}): object {
    this.#count += 1;
    const { evidenceId } = this;
    return { requestId: requestId(this.#count), evidenceId, to: unitOf(to), purpose: 'examination', ...more };
  }

  answer(transferId: string, answer: string): object {
    this.#count += 1;
    return { requestId: requestId(this.#count), evidenceId: this.evidenceId, transferId, answer };
  }

  handOver(from: Caller, to: Caller): Promise<Transfer> {
    return this.bench.ask<Transfer>(from, 'evidence:handOver', this.offer(to));
  }

  async custody(): Promise<Custody> {
    return (await this.view()).custody;
  }

  view(): Promise<EvidenceView> {
    return this.bench.ask<EvidenceView>(READER, 'evidence:get', this.evidenceId);
  }
}

describe('R20: custody moves with two signatures', () => {
  test('an offer stays pending and custody stays with the giver until the receiver signs', async () => {
    const story = await Story.open();
    const { id, state } = await story.handOver(CLERK, NOTARY);
    expect(state).toBe('pending');
    expect(await story.custody()).toMatchObject({ holder: unitOf(CLERK), pending: id });
    await story.bench.call(NOTARY, 'evidence:answerTransfer', story.answer(id, 'accepted'));
    const custody = await story.custody();
    expect(custody.holder).toEqual(unitOf(NOTARY));
    expect(custody).not.toHaveProperty('pending');
  });

  test.each([
    ['declined', NOTARY],
    ['withdrawn', CLERK],
  ])('an offer that is %s leaves custody where it was and makes room for the next', async (answer, caller) => {
    const story = await Story.open();
    const { id } = await story.handOver(CLERK, NOTARY);
    await story.bench.call(caller, 'evidence:answerTransfer', story.answer(id, answer));
    expect(await story.custody()).toEqual({
      schema: 'custody/1',
      evidenceId: story.evidenceId,
      holder: unitOf(CLERK),
      transferCount: 1,
    });
    expect(await story.handOver(CLERK, OFFICER)).toMatchObject({ sequence: 2, state: 'pending' });
  });

  test.each<[string, Caller, string, string]>([
    ['the giver accepts for the receiver', CLERK, 'accepted', 'CUSTODY_NOT_RECEIVER'],
    ['a stranger accepts', OFFICER, 'accepted', 'CUSTODY_NOT_RECEIVER'],
    ['a stranger declines', OFFICER, 'declined', 'CUSTODY_NOT_RECEIVER'],
    [
      'another unit of the receiving organisation accepts',
      { ...NOTARY, unit: OFFICER.unit },
      'accepted',
      'CUSTODY_NOT_RECEIVER',
    ],
    ['the receiver withdraws', NOTARY, 'withdrawn', 'CUSTODY_NOT_HOLDER'],
  ])('%s: refused', async (_case, caller, answer, code) => {
    const story = await Story.open();
    const { id } = await story.handOver(CLERK, NOTARY);
    expect(await story.bench.refusal(caller, 'evidence:answerTransfer', story.answer(id, answer))).toBe(code);
  });

  test.each<[string, Caller, object, string]>([
    ['who does not hold it', NOTARY, {}, 'CUSTODY_NOT_HOLDER'],
    ['to the holder itself', CLERK, { to: unitOf(CLERK) }, 'REQUEST_MALFORMED'],
    [
      'to an organisation that is no member',
      CLERK,
      { to: { ...unitOf(NOTARY), mspId: 'OtherMSP' } },
      'CONSORTIUM_NOT_MEMBER',
    ],
    ['to a person instead of a unit', CLERK, { to: { mspId: 'ZhejiangMSP', unit: '张三' } }, 'REQUEST_MALFORMED'],
    ['of a record that is not there', CLERK, { evidenceId: `EV${'0'.repeat(32)}` }, 'EVIDENCE_NOT_FOUND'],
  ])('an offer %s is refused', async (_case, caller, more, code) => {
    const story = await Story.open();
    expect(await story.bench.refusal(caller, 'evidence:handOver', story.offer(NOTARY, more))).toBe(code);
  });

  test('only one offer waits at a time, and an answered one takes no second answer', async () => {
    const story = await Story.open();
    const { id } = await story.handOver(CLERK, NOTARY);
    expect(await story.bench.refusal(CLERK, 'evidence:handOver', story.offer(OFFICER))).toBe('CUSTODY_PENDING');
    await story.bench.call(NOTARY, 'evidence:answerTransfer', story.answer(id, 'accepted'));
    for (const [caller, answer] of [[NOTARY, 'declined'] as const, [CLERK, 'withdrawn'] as const]) {
      expect(await story.bench.refusal(caller, 'evidence:answerTransfer', story.answer(id, answer))).toBe(
        'CUSTODY_NOT_PENDING',
      );
    }
    const unknown = story.answer(`CT${'0'.repeat(32)}`, 'accepted');
    expect(await story.bench.refusal(NOTARY, 'evidence:answerTransfer', unknown)).toBe('CUSTODY_NOT_PENDING');
  });

  test('the accepted hand-overs form one chain; with one left out there is a gap at its place', async () => {
    const story = await Story.open();
    const route = [CLERK, NOTARY, OFFICER, CLERK, OFFICER];
    for (const [index, from] of route.slice(0, -1).entries()) {
      const to = route[index + 1] as Caller;
      const { id } = await story.handOver(from, to);
      await story.bench.call(to, 'evidence:answerTransfer', story.answer(id, 'accepted'));
    }
    const { transfers, custody } = await story.view();
    expect(transfers.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
    expect(findCustodyGap(unitOf(CLERK), transfers, custody.holder)).toBeUndefined();
    expect(findCustodyGap(unitOf(CLERK), transfers.toSpliced(1, 1), custody.holder)).toBe(1);
  });

  test('an access says who, why and whether it changed the medium; a change needs its justification', async () => {
    const story = await Story.open();
    const access = { requestId: requestId(1), evidenceId: story.evidenceId, purpose: 'examination', changed: true };
    expect(await story.bench.refusal(OFFICER, 'evidence:recordAccess', access)).toBe('DIGEST_MALFORMED');
    await story.bench.call(OFFICER, 'evidence:recordAccess', { ...access, changed: false });
    expect((await story.view()).accesses).toEqual([
      expect.objectContaining({ actor: expect.objectContaining({ name: 'officer-1' }) as object, changed: false }),
    ]);
  });

  test('a record takes a bounded number of hand-overs', async () => {
    const story = await Story.open();
    for (let n = 1; n <= 100; n += 1) {
      const { id } = await story.handOver(CLERK, NOTARY);
      await story.bench.call(CLERK, 'evidence:answerTransfer', story.answer(id, 'withdrawn'));
    }
    expect(await story.bench.refusal(CLERK, 'evidence:handOver', story.offer(NOTARY))).toBe('ENTRY_LIMIT');
  });
});
