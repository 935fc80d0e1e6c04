import { findLayouts, preferLayout } from '../../../../network/embedded/gateway/layouts.js';
import { compilePolicy } from '../../../../network/embedded/msp/policy.js';
import { parsePolicyText } from '../../../../network/embedded/msp/policy-text.js';

const policy = (text: string) => compilePolicy(parsePolicyText(text));
const all = ['A', 'B', 'C', 'D'];

test('any two of four has six layouts, and none with an organisation too many', () => {
  const layouts = findLayouts([policy("OutOf(2,'A.peer','B.peer','C.peer','D.peer')")], all);
  expect(layouts).toHaveLength(6);
  expect(layouts.every((layout) => layout.length === 2)).toBe(true);
});

test('a single organisation is enough where the policy says OR, even if another was asked first', () => {
  const layouts = findLayouts([policy("OR('B.peer','C.peer')")], all);
  expect(layouts).toEqual([['B'], ['C']]);
  expect(preferLayout(layouts, 'A')).toEqual(['B']);
});

test('the layout that keeps the first endorser is preferred to a shorter one without it', () => {
  const layouts = findLayouts([policy("OR('D.peer', AND('A.peer','B.peer'))")], all);
  expect(layouts).toEqual([['D'], ['A', 'B']]);
  expect(preferLayout(layouts, 'A')).toEqual(['A', 'B']);
});

test('several policies must be met together', () => {
  const any = policy("OutOf(2,'A.peer','B.peer','C.peer','D.peer')");
  const owner = policy("AND('C.peer', OR('A.peer','B.peer','D.peer'))");
  expect(findLayouts([any, owner], all)).toEqual([
    ['A', 'C'],
    ['B', 'C'],
    ['C', 'D'],
  ]);
});

test('organisations that do not run leave no layout where the policy needs them', () => {
  expect(findLayouts([policy("AND('A.peer','B.peer')")], ['A', 'C'])).toEqual([]);
  expect(preferLayout([], 'A')).toBeUndefined();
});

test('a policy that wants administrators is met by no peer', () => {
  expect(findLayouts([policy("OR('A.admin')")], all)).toEqual([]);
});
