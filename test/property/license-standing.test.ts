import fc from 'fast-check';

import { LICENSE_STATUSES, type LicenseStatus } from '../../domain/license-status.js';
import { type OperateRequest } from '../../domain/license.js';
import { DomainError } from '../../domain/errors.js';
import { type LicenseType } from '../../domain/license-type.js';
import { presentStanding, issue, operate } from '../../chaincode/license/act-rules.js';
import { type LicenseHistory, standingOf } from '../../chaincode/license/history.js';
import { face, licenseId, TYPE_CODE, UNITS } from '../support/license-requests.js';

const DAY_MS = 86_400_000;
/** 2026-01-01 in China; the licence is good for 100 days from then. */
const START_MS = Date.UTC(2025, 11, 31, 16);
const LASTS_DAYS = 100;

/** Steps by their names in the specification's table. */
const STEPS = ['02', '03', '04', '05/03', '05/04', '05/06', '05/07', '06', '07', '09', '10'] as const;
type Step = (typeof STEPS)[number];

/** The specification's rows, as a list of triples: a form that shares nothing with the code's own table. */
const ALLOWED: readonly string[] = [
  ...['01 02 01', '01 09 01', '01 03 02', '01 05/03 03', '01 05/04 04', '01 05/06 06', '01 05/07 07', '01 07 99'],
  ...['02 06 01', '02 05/03 03', '02 05/04 04', '02 05/07 07', '06 10 01'],
  ...['03 05/04 04', '05 05/04 04', '07 05/04 04'],
];

/** What an independent reader of the specification would keep: intervals of status, rewritten by an annulment. */
class Model {
  /** Status from each day on, by day number, in order. */
  line: { fromDay: number; status: LicenseStatus }[] = [{ fromDay: 0, status: '01' }];
  /** Last day of validity, counted from 0. */
  lastDay = LASTS_DAYS - 1;

  statusOn(day: number): LicenseStatus | undefined {
    const own = this.line.filter(({ fromDay }) => fromDay <= day).at(-1)?.status;
    const runs = own === '01' || own === '02';
    return runs && day > this.lastDay ? '05' : own;
  }

  /** @returns whether the specification allows the step on that day. */
  take(step: Step, day: number): boolean {
    const now = this.statusOn(day) ?? '01';
    if (step === '04') return this.#writeEnd(day);
    const to = ALLOWED.find((row) => row.startsWith(`${now} ${step} `))?.split(' ')[2] as LicenseStatus | undefined;
    if (to === undefined) return false;
    if (step === '02') {
      if (day > this.lastDay - 30) return false;
      this.lastDay += 365;
    }
    if (step === '05/03') this.line = [{ fromDay: 0, status: '03' }];
    else this.line.push({ fromDay: day, status: to });
    return true;
  }

  #writeEnd(day: number): boolean {
    const own = this.line.at(-1)?.status;
    if ((own !== '01' && own !== '02') || day <= this.lastDay) return false;
    this.line.push({ fromDay: this.lastDay + 1, status: '05' });
    return true;
  }
}

const TYPE = { typeCode: TYPE_CODE, fields: {}, authorities: [UNITS.guangdong], scope: { kind: 'national' } };
const ACTOR = { ...UNITS.guangdong, name: 'issuer-1', role: 'issuer' as const, region: '440000' };
const facts = (day: number) => ({
  ...{ actor: ACTOR, txId: '0'.repeat(64) as never },
  txTime: new Date(START_MS + day * DAY_MS + DAY_MS / 2).toISOString(),
});
const dayName = (day: number) => new Date(START_MS + day * DAY_MS + DAY_MS / 2).toISOString().slice(0, 10);

function begin(): LicenseHistory {
  const wanted = {
    ...{ requestId: '', licenseId: licenseId('2026000001'), operation: '01', holder: { key: '' } },
    face: face({}, { validTo: dayName(LASTS_DAYS - 1), unitCodes: {} }),
  };
  const { act, head } = issue(TYPE as unknown as LicenseType, wanted as never, 'LA' as never, facts(0));
  return { key: act.licenseKey, head, acts: [act], renewals: new Map() };
}

function request(history: LicenseHistory, step: Step, lastDay: number): OperateRequest {
  const [operation, ending] = step.split('/');
  const makes = operation === '02' || operation === '09';
  const validTo = dayName(operation === '02' ? lastDay + 365 : lastDay);
  const current = licenseId('2026000001', history.head.version);
  return {
    ...{ requestId: '', licenseId: current, operation, ...(ending && { ending }) },
    ...(makes && { face: face({}, { validTo, unitCodes: {} }) }),
  } as unknown as OperateRequest;
}

/** @returns the history after the step, `undefined` where the rules refuse it. */
function take(history: LicenseHistory, step: Step, day: number, lastDay: number): LicenseHistory | undefined {
  try {
    const given = { id: 'LA' as never, transferred: false, ...facts(day) };
    const { act, head } = operate(TYPE as unknown as LicenseType, history, request(history, step, lastDay), given);
    return { ...history, head, acts: [...history.acts, act] };
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}

/** As `expect` does, a hundred times faster: it is asked a quarter of a million times. */
function checkSame<Value>(found: Value, wanted: Value, what: string): void {
  if (found !== wanted) throw new Error(`${what}: ${String(found)}, the model says ${String(wanted)}`);
}

const plan = fc.array(fc.record({ step: fc.constantFrom(...STEPS), pause: fc.integer({ min: 1, max: 60 }) }), {
  minLength: 1,
  maxLength: 12,
});

describe('the life of a licence, against an independent model', () => {
  test('10,000 sequences: the same steps are allowed, and every day has the same status', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(plan, (steps) => {
        let history = begin();
        const model = new Model();
        let day = 0;
        for (const { step, pause } of steps) {
          day += pause;
          const next = take(history, step, day, model.lastDay);
          const allowed = model.take(step, day);
          checkSame(next !== undefined, allowed, `${step} on day ${day} is allowed`);
          history = next ?? history;
          checkSame(presentStanding(history, facts(day).txTime).status, model.statusOn(day), `status on day ${day}`);
        }
        for (let asked = 0; asked <= day; asked += Math.ceil(day / 8)) {
          const status = standingOf(history, Date.parse(facts(asked).txTime))?.status;
          checkSame(status, model.statusOn(asked), `status as of day ${asked}`);
          reached.add(status ?? 'none');
        }
        checkSame(standingOf(history, START_MS - 1), undefined, 'status before issue');
      }),
      { numRuns: 10_000 },
    );
    expect([...reached].sort()).toEqual([...LICENSE_STATUSES]);
  });
});
