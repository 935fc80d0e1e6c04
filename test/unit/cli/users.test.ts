import { readFileSync } from 'node:fs';

import { firstUserOf, listUsers, resolveUser } from '../../../cli/users.js';
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
