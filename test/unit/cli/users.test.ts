import { readFileSync } from 'node:fs';

import { checkReceiver, firstUserOf, listUsers, requireSigner, resolveUser } from '../../../cli/users.js';
import { ROLES } from '../../../domain/actor.js';
import { parseTopology } from '../../../network/plan/topology.js';

const { organisations, chaincodes } = parseTopology(readFileSync('cli/consortium.yaml', 'utf8'));
const users = listUsers(organisations);

test.each(['clerk@chongqing.example', 'clerk@chongqing', 'clerk@ChongqingMSP'])(
  '%s is the clerk of Chongqing',
  (text) => {
    expect(resolveUser(organisations, text)).toEqual({
      name: 'clerk@chongqing.example',
      mspId: 'ChongqingMSP',
      organisation: 'chongqing',
      role: 'clerk',
      unit: '11500000MB1Y00011A',
    });
  },
);

test('a bare name does where one organisation alone has such a user', () => {
  expect(resolveUser(organisations, 'auditor').name).toBe('auditor@beijing.example');
});

test('a bare name that several organisations have is refused, and they are named', () => {
  expect(() => resolveUser(organisations, 'clerk')).toThrow(/USER_UNKNOWN .*clerk@zhejiang\.example/);
});

test.each(['nobody', 'clerk@mars', '', '@', '@chongqing', 'clerk@chongqing@zhejiang'])('"%s" is nobody', (text) => {
  expect(() => resolveUser(organisations, text)).toThrow('USER_UNKNOWN');
});

test('a command finds its usual user by role', () => {
  expect(firstUserOf(organisations, 'clerk').name).toBe('clerk@chongqing.example');
  expect(firstUserOf(organisations, 'auditor').name).toBe('auditor@beijing.example');
  expect(() => firstUserOf([], 'clerk')).toThrow('USER_UNKNOWN');
});

test('an act that binds asks who signs, and names those who may', () => {
  expect(requireSigner(organisations, 'clerk@beijing', ['clerk'])).toBe('clerk@beijing');
  const courts = 'clerk@chongqing.example, clerk2@chongqing.example, clerk@zhejiang.example, clerk@beijing.example';
  expect(() => requireSigner(organisations, undefined, ['clerk'])).toThrow(
    expect.objectContaining({
      code: 'USAGE',
      details: { option: '--as', wanted: `who signs, one of ${courts}` },
    }) as Error,
  );
});

describe('whom custody is offered to', () => {
  const notary = '12330200MB2Y00013W';
  test('a unit of the named organisation', () => {
    expect(() => {
      checkReceiver(organisations, 'ZhejiangMSP', notary);
    }).not.toThrow();
  });

  test.each([
    ['another organisation than the unit belongs to', 'BeijingMSP', notary, `ZhejiangMSP:${notary}`],
    ['a unit that nobody acts for', 'ZhejiangMSP', '91330100799655058B', `ZhejiangMSP:${notary}`],
    ['an organisation that is none', 'MarsMSP', '91330100799655058B', 'ChongqingMSP, ZhejiangMSP'],
  ])('%s is refused, and told what would be right', (_what, mspId, unit, wanted) => {
    expect(() => {
      checkReceiver(organisations, mspId, unit);
    }).toThrow(wanted);
  });
});

describe('the default consortium', () => {
  test('has four regions, and a public reader without a role in each', () => {
    expect(organisations.map(({ mspId }) => mspId)).toEqual([
      'ChongqingMSP',
      'ZhejiangMSP',
      'GuangdongMSP',
      'BeijingMSP',
    ]);
    const readers = users.filter(({ name }) => name.startsWith('gateway@'));
    expect(readers.map(({ role }) => role)).toEqual([undefined, undefined, undefined, undefined]);
  });

  test('has every role, and two clerks of different units in Chongqing', () => {
    expect([...new Set(users.flatMap(({ role }) => role ?? []))].sort()).toEqual([...ROLES].sort());
    const clerks = organisations[0]?.users.filter(({ attributes }) => attributes['yz.role'] === 'clerk') ?? [];
    expect(new Set(clerks.map(({ attributes }) => attributes['yz.unit'])).size).toBe(2);
  });

  test('needs two of the four organisations for everything', () => {
    expect(chaincodes[0]?.endorsement).toMatch(/^OutOf\(2,/);
  });

  test('has units whose codes carry the check digit of GB 32100', () => {
    const units = organisations.flatMap((each) => each.users.flatMap(({ attributes }) => attributes['yz.unit'] ?? []));
    expect(units.length).toBeGreaterThan(10);
    expect(units.filter((code) => checkDigit(code.slice(0, 17)) !== code[17])).toEqual([]);
    expect(checkDigit('91330100799655058')).toBe('B'); // A published code of a real company.
  });
});

/** GB 32100-2015, 5.2: weights are powers of 3 modulo 31 over an alphabet without I, O, S, V and Z. */
function checkDigit(body: string): string | undefined {
  const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
  let sum = 0;
  let weight = 1;
  for (const letter of body) {
    sum += alphabet.indexOf(letter) * weight;
    weight = (weight * 3) % 31;
  }
  return alphabet[(31 - (sum % 31)) % 31];
}
