import fc from 'fast-check';
import { object, resolve } from '../../chaincode/attestation/objection-rules.js';
import { makeAttestation } from '../../chaincode/attestation/request-rules.js';
import * as rules from '../../chaincode/attestation/step-rules.js';
import { type TxFacts } from '../../chaincode/ledger-context.js';
import { type Actor } from '../../domain/actor.js';
import { type AttestationItem } from '../../domain/attestation-item.js';
import { type Attestation, type AttestationObjection } from '../../domain/attestation-record.js';
import { parseAttestationRequest } from '../../domain/attestation-request.js';
import { DomainError } from '../../domain/errors.js';
import { type AttestationId, type EntryId, parseTxId } from '../../domain/ids.js';
import {
  accepting,
  ANSWERER,
  answering,
  ASKER,
  asking,
  deciding,
  item,
  MATTER,
  OTHER_MATTER,
  STRANGER,
  using,
} from '../support/attestation-bench.js';
import { digestOf, requestId } from '../support/contract-bench.js';

const ID = `AT${'1'.repeat(32)}` as AttestationId;
const OBJECTION = `AO${'2'.repeat(32)}` as EntryId;
const ASKED_AT = '2026-03-01T08:30:00.000Z';
const IN_TIME = '2026-03-02T08:30:00.000Z';
const LATE = '2026-04-02T08:30:00.000Z';

const ACTS = [
  'answer',
  'refuse',
  'release',
  'reject',
  'accept',
  'use',
  'close',
  'withdraw',
  'purge',
  'object',
  'resolve-rejected',
  'resolve-upheld',
] as const;
type Act = (typeof ACTS)[number];
interface Move {
  readonly act: Act;
  readonly who: 'asker' | 'answerer' | 'stranger';
  readonly late: boolean;
  /** Another matter, another digest. */
  readonly wrong: boolean;
}

/** The written table: which act leads from which state to which. `=` leaves the state; `?` goes back to before. */
const TABLE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  REQUESTED: { answer: 'ATTESTED', refuse: 'REFUSED' },
  REFUSED: { purge: '=' },
  ATTESTED: { release: 'RELEASED', reject: 'REJECTED_BY_HOLDER', withdraw: 'WITHDRAWN', object: 'DISPUTED' },
  RELEASED: { accept: 'ACCEPTED', withdraw: 'WITHDRAWN', object: 'DISPUTED' },
  REJECTED_BY_HOLDER: { purge: '=' },
  ACCEPTED: { use: 'USED', withdraw: 'WITHDRAWN', object: 'DISPUTED' },
  USED: { close: 'CLOSED', withdraw: 'WITHDRAWN', object: 'DISPUTED', purge: '=' },
  CLOSED: { withdraw: 'WITHDRAWN', object: 'DISPUTED', purge: '=' },
  DISPUTED: { 'resolve-rejected': '?', 'resolve-upheld': 'WITHDRAWN' },
  WITHDRAWN: { purge: '=' },
};
/** Whose act it is. */
const SIDES: Readonly<Record<string, string>> = {
  ...{ answer: 'answerer', refuse: 'answerer', release: 'answerer', reject: 'answerer', withdraw: 'answerer' },
  ...{ accept: 'asker', use: 'asker', close: 'asker', purge: 'asker answerer', object: 'asker stranger' },
  ...{ 'resolve-rejected': 'answerer', 'resolve-upheld': 'answerer' },
};

/** What the table says of a history: nothing of the rules is used here. */
class Model {
  state = 'REQUESTED';
  #before = '';
  #purged = false;
  #used = false;

  /** Whether a move is allowed; an allowed one is made. */
  move(move: Move): boolean {
    const { act } = move;
    const to = this.#destination(move);
    if (to === undefined || this.#forbids(move)) return false;
    if (act === 'purge') this.#purged = true;
    if (act === 'use') this.#used = true;
    if (to === 'DISPUTED') this.#before = this.state;
    if (to !== '=') this.state = to === '?' ? this.#before : to;
    return true;
  }

  #destination({ act, late }: Move): string | undefined {
    const expired = late && ['ATTESTED', 'RELEASED', 'ACCEPTED'].includes(this.state);
    return act === 'purge' && expired ? '=' : TABLE[this.state]?.[act];
  }

  #forbids({ act, who, late, wrong }: Move): boolean {
    const signsOrUses = ['release', 'reject', 'accept', 'use'].includes(act);
    return (
      SIDES[act]?.includes(who) !== true ||
      (signsOrUses && (late || wrong)) ||
      (act === 'use' && this.#used) ||
      (act === 'purge' && this.#purged)
    );
  }
}

const actorOf = ({ mspId, name, unit }: typeof ASKER): Actor => ({
  mspId,
  name,
  unit,
  role: 'officer',
  region: '110108',
});
const ACTORS = { asker: actorOf(ASKER), answerer: actorOf(ANSWERER), stranger: actorOf(STRANGER) };

function factsOf(actor: Actor, txTime: string, n: number): TxFacts {
  return { actor, txTime, txId: parseTxId(digestOf(`tx ${n}`)) };
}

const START = makeAttestation(
  { ...item(1), schema: 'attestation-item/1', mspId: ANSWERER.mspId, version: 1 } as AttestationItem,
  parseAttestationRequest(asking(1)),
  ID,
  factsOf(ACTORS.asker, ASKED_AT, 0),
);
// Signing is the slow part, and the answer of every history is the same one.
const ANSWERED = rules.answer(START, answeringRequest(), factsOf(ACTORS.answerer, IN_TIME, 1));
const DECISIONS = { release: deciding(9, ANSWERED), reject: deciding(9, ANSWERED, 'rejected') };

function answeringRequest(): never {
  const { asOf, validUntil, ...rest } = answering(2, ID) as { asOf: string; validUntil: string };
  return { ...rest, asOf: new Date(asOf).toISOString(), validUntil: new Date(validUntil).toISOString() } as never;
}

const RULES = {
  answer: rules.answer,
  refuse: rules.refuse,
  release: rules.preview,
  reject: rules.preview,
  accept: rules.accept,
  use: rules.use,
  close: rules.close,
  withdraw: rules.withdraw,
  purge: rules.purge,
} as const;

/** The same moves by the contract's own rules. */
class Real {
  record: Attestation = START;
  #objection: AttestationObjection | undefined;

  /** @returns whether it was allowed. @throws what is no refusal */
  move({ act, who, late, wrong }: Move, n: number): boolean {
    // An answer is always given in time here: being late with one is allowed.
    const facts = factsOf(ACTORS[who], late && act !== 'answer' ? LATE : IN_TIME, n);
    try {
      this.#run(act, wrong, facts);
      return true;
    } catch (error) {
      if (error instanceof DomainError) return false;
      throw error;
    }
  }

  #run(act: Act, wrong: boolean, facts: TxFacts): void {
    const common = { requestId: requestId(7), attestationId: ID };
    if (act === 'object' || act === 'resolve-rejected' || act === 'resolve-upheld') {
      this.#contest(act, common, facts);
      return;
    }
    const digest = wrong ? { digest: digestOf('another answer') } : {};
    const wanted = {
      answer: () => answeringRequest(),
      refuse: () => ({ code: 'NOT_COMPETENT' }),
      release: () => ({ ...DECISIONS.release, ...digest }),
      reject: () => ({ ...DECISIONS.reject, ...digest }),
      accept: () => ({ ...accepting(7, this.record), ...digest }),
      use: () => using(7, ID, wrong ? OTHER_MATTER : MATTER),
      close: () => ({ outcome: 'granted' }),
      withdraw: () => ({ reason: 'source-corrected' }),
      purge: () => ({ ground: 'unlawful' }),
    }[act]();
    this.record = RULES[act](this.record, { ...common, ...wanted } as never, facts);
  }

  #contest(act: 'object' | 'resolve-rejected' | 'resolve-upheld', common: object, facts: TxFacts): void {
    const contest =
      act === 'object'
        ? object(this.record, { ...common, ground: 'wrong-answer' } as never, OBJECTION, facts)
        : resolve(
            this.record,
            this.#objection,
            { ...common, resolution: act === 'resolve-upheld' ? 'upheld' : 'rejected' } as never,
            facts,
          );
    this.record = contest.record;
    this.#objection = contest.objection;
  }
}

const move = fc.record<Move>({
  act: fc.constantFrom(...ACTS),
  who: fc.constantFrom('asker', 'answerer', 'stranger'),
  late: fc.boolean(),
  wrong: fc.boolean(),
});
/** Moves of which most are the right side's in time, so that histories get far. */
const likely = fc
  .constantFrom(...ACTS)
  .chain((act) =>
    fc.constantFrom(...(SIDES[act] ?? '').split(' ')).map((who) => ({ act, who, late: false, wrong: false }) as Move),
  );

const good = (act: Act): Move => ({ act, who: SIDES[act] as Move['who'], late: false, wrong: false });
/** A part of the good story, then anything. */
const history = fc
  .tuple(fc.nat(5), fc.array(fc.oneof({ weight: 4, arbitrary: likely }, move), { maxLength: 20 }))
  .map(([count, rest]) => [
    ...(['answer', 'release', 'accept', 'use', 'close'] as const).slice(0, count).map(good),
    ...rest,
  ]);

describe('the states of an attestation', () => {
  test('every history follows the table, move by move', () => {
    const reached = new Set(['REQUESTED']);
    fc.assert(
      fc.property(history, (moves) => {
        const [model, real] = [new Model(), new Real()];
        moves.forEach((each, n) => {
          const was = model.state;
          const allowed = model.move(each);
          const followed = real.move(each, n) === allowed;
          const shown = model.state === 'RELEASED' ? 'ATTESTED' : model.state;
          if (!followed || real.record.state !== shown) throw new Error(`${was}: ${JSON.stringify(each)}`);
          reached.add(model.state);
        });
      }),
      { numRuns: 10_000 },
    );
    expect([...reached].sort()).toEqual(Object.keys(TABLE).sort());
  });

  test('no history uses an attestation twice, or flags less than what relied on it', () => {
    fc.assert(
      fc.property(history, (moves) => {
        const real = new Real();
        const uses = moves.filter((each, n) => real.move(each, n) && each.act === 'use').length;
        expect(uses).toBe(real.record.use === undefined ? 0 : 1);
        expect(real.record.withdrawal?.flagged.length ?? uses).toBe(uses);
      }),
    );
  });
});
