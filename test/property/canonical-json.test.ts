import fc from 'fast-check';
import { canonicalJson, type Json } from '../../domain/canonical-json.js';

const text = fc.string({ unit: 'grapheme' });
const json: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Json>(null, true, false),
    fc.maxSafeInteger(),
    text,
    fc.array(tie('json'), { maxLength: 5 }),
    fc.dictionary(text, tie('json'), { maxKeys: 5 }),
  ),
})).json;

describe('canonical JSON', () => {
  test('is a fixed point: parsing and encoding again changes no byte', () => {
    fc.assert(
      fc.property(json, (value) => {
        const once = canonicalJson(value);
        expect(canonicalJson(JSON.parse(once) as Json)).toBe(once);
      }),
    );
  });

  test('says the same as JSON.stringify, in one order of members', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('does not depend on the order in which members were added', () => {
    fc.assert(
      fc.property(fc.dictionary(text, json), (value) => {
        const backwards = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(backwards)).toBe(canonicalJson(value));
      }),
    );
  });

  // RFC 8785: section 3.2.2 (the strings of its example), section 3.2.3 (the sorting example), appendix B (zeros).
  test.each([
    [
      'strings',
      '{"string": "\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/", "literals": [null, true, false]}',
      '{"literals":[null,true,false],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    ],
    [
      'sorting by UTF-16 code units',
      '{"\\u20ac":"Euro Sign","\\r":"Carriage Return","\\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",' +
        '"\\ud83d\\ude00":"Emoji: Grinning Face","\\u0080":"Control","\\u00f6":"Latin Small Letter O With Diaeresis"}',
      '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Latin Small Letter O With Diaeresis",' +
        '"€":"Euro Sign","😀":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    ],
    ['minus zero', '[0, -0, 1e3, -1]', '[0,0,1000,-1]'],
    ['the safe range', '[9007199254740991, -9007199254740991]', '[9007199254740991,-9007199254740991]'],
  ])('RFC 8785: %s', (_name, input, output) => {
    expect(canonicalJson(JSON.parse(input) as Json)).toBe(output);
  });

  test('leaves out undefined members, and has no form for what is not JSON', () => {
    expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
    const strangers: unknown[] = [
      ...[0.5, NaN, Infinity, 2 ** 53, '\ud800', { '\udc00': 1 }, [undefined], undefined],
      ...[1n, Symbol('x'), () => 1, new Date(0), new Map(), new Uint8Array(1)],

      [1, , 2],
    ];
    for (const stranger of strangers) expect(() => canonicalJson(stranger as Json)).toThrow(TypeError);
  });
});
