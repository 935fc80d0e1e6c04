import {
  ENDING_STATUSES,
  LICENSE_OPERATIONS,
  LICENSE_STATUSES,
  type LicenseStep,
  nextStatus,
} from '../../../domain/license-status.js';

const STEPS: readonly LicenseStep[] = LICENSE_OPERATIONS.flatMap((operation): readonly LicenseStep[] =>
  operation === '05' ? ENDING_STATUSES.map((ending) => ({ operation, ending })) : [{ operation }],
);

/** The table as the specification draws it: rows are statuses, columns operations; written apart from the code's own. */
const TABLE = `
        01  02  03  04  05/03  05/04  05/06  05/07  06  07  08  09  10
none    01  .   .   .   .      .      .      .      .   .   01  .   .
01      .   01  02  05  03     04     06     07     .   99  .   01  .
02      .   .   .   05  03     04     .      07     01  .   .   .   .
03      .   .   .   .   .      04     .      .      .   .   .   .   .
04      .   .   .   .   .      .      .      .      .   .   .   .   .
05      .   .   .   .   .      04     .      .      .   .   .   .   .
06      .   .   .   .   .      .      .      .      .   .   .   .   01
07      .   .   .   .   .      04     .      .      .   .   .   .   .
99      .   .   .   .   .      .      .      .      .   .   .   .   .
`;

const [header = '', ...rows] = TABLE.trim().split('\n');
const columns = header.trim().split(/\s+/);
const cells = rows.flatMap((row) => {
  const [from = '', ...answers] = row.trim().split(/\s+/);
  return columns.map((step, index) => ({ from, step, to: answers[index] ?? '' }));
});

describe('the status machine, cell by cell', () => {
  test('the table has every status and every step', () => {
    expect(rows.map((row) => row.trim().split(/\s+/)[0])).toEqual(['none', ...LICENSE_STATUSES]);
    expect(columns).toEqual(STEPS.map(nameOf));
  });

  test.each(cells)('$from, operation $step: $to', ({ from, step, to }) => {
    const taken = STEPS.find((each) => nameOf(each) === step) as LicenseStep;
    expect(nextStatus(from as Parameters<typeof nextStatus>[0], taken) ?? '.').toBe(to);
  });
});

function nameOf(step: LicenseStep): string {
  return step.operation === '05' ? `05/${step.ending}` : step.operation;
}
