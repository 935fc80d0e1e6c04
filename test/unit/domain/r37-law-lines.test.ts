import { type LawFacts, lawLines } from '../../../domain/law-lines.js';
import { parseStatements } from '../../../domain/statements.js';

const linesOf = (facts: Partial<LawFacts> = {}) => lawLines({ receipt: 'VALID', file: 'MATCH', ...facts });
const record = (statements: object, interest: 'none' | 'party' | 'undeclared' = 'none') => ({
  statements: parseStatements(statements),
  interest,
});

describe('R37 the lines keyed to the law', () => {
  test('there is one line for each of articles 16 to 19 and one for each strength', () => {
    expect(linesOf().map(({ provision }) => provision.replace(/^.*第(.{2,3})条.*$/, '$1'))).toEqual([
      '十六',
      '十七',
      '十八',
      '十九',
      '十六',
      '三十六',
    ]);
  });

  test('each has its name in English beside, with the same article', () => {
    expect(linesOf().map(({ provisionEn }) => provisionEn.replace(/^.*Article (\d+).*$/, '$1'))).toEqual([
      '16',
      '17',
      '18',
      '19',
      '16',
      '36',
    ]);
  });

  test('a match may be found unaltered, a notarised content shall be accepted, and the two lines differ', () => {
    const [chain, notary] = linesOf({ record: record({ notarised: 'yes' }) }).slice(4);
    expect(chain?.zh).toContain('可以认定');
    expect(chain?.zh).not.toContain('应当');
    expect(notary?.zh).toContain('应当确认');
    expect(linesOf({ record: record({ notarised: 'no' }) })[5]?.zh).toBe('申报未经公证。');
  });

  test('what nobody declared reads 未说明', () => {
    const lines = linesOf();
    expect(lines.filter(({ state }) => state === 'undeclared').map(({ zh }) => zh.includes('未说明'))).toEqual([
      true,
      true,
      true,
    ]);
    const declared = linesOf({ record: record({ source: 'party' }, 'party') });
    expect(declared[1]?.zh).toContain('存证方为当事人');
    expect(declared[2]?.zh).toContain('已申报：数据来源。');
  });

  test('a mismatch, a missing file and a receipt that does not hold support nothing', () => {
    const others: Partial<LawFacts>[] = [
      { file: 'MISMATCH' },
      { file: 'NOT_COMPARED' },
      { receipt: 'INVALID' },
      { receipt: 'UNDECIDED' },
    ];
    for (const facts of others) {
      expect(linesOf(facts)[0]?.state).toBe('not-shown');
      const compared = facts.file !== 'NOT_COMPARED';
      const wanted = compared ? '区块链核验未得出一致的结论。' : '未提供文件，未作区块链核验。';
      expect(linesOf(facts)[4]?.zh).toBe(wanted);
    }
  });

  test('no line accuses, or speaks of truth or legal effect', () => {
    const facts: Partial<LawFacts>[] = [
      {},
      { file: 'MISMATCH' },
      { standing: 'MATCH_ANNULLED' },
      { receipt: 'INVALID' },
    ];
    const text = facts.flatMap((each) => linesOf(each).map(({ zh }) => zh)).join('');
    expect(text).not.toMatch(/伪造|真实有效|具有法律效力|被篡改/);
  });
});
