import fc from 'fast-check';
import { parseActor, parseStoredActor } from '../../domain/actor.js';
import { parseConfigureRequest } from '../../domain/consortium.js';
import { parseAccessRequest, parseAnswerTransferRequest, parseHandOverRequest } from '../../domain/custody.js';
import { parseDigestHex, parseDigestMap, parseHashAlgorithm, parseSaltedDigest } from '../../domain/digests.js';
import { DomainError, ERROR_CODES, type ErrorDetails, findDomainError } from '../../domain/errors.js';
import { parseEvidenceEvent } from '../../domain/evidence-event.js';
import { parseRegisterRequest, parseSupersedeRequest } from '../../domain/evidence.js';
import { readInstant } from '../../domain/fields.js';
import { parseEntryId, parseEvidenceId, parseRequestId, parseTxId } from '../../domain/ids.js';
import { parseDecideRequest, parseObjectRequest } from '../../domain/objection.js';
import { parseStatements } from '../../domain/statements.js';

const hex = 'ab'.repeat(32);
const id = `EV${'0'.repeat(32)}`;
const requestId = '00000000-0000-4000-8000-000000000001';
const register = { requestId, digests: { 'sha-256': hex }, kind: 'document', claimedAt: '2026-03-01T08:00:00.000Z' };
const actor = { mspId: 'ChongqingMSP', name: 'clerk-7', role: 'clerk', unit: '11500000009276001Y', region: '500100' };
const event = { kind: 'evidence.accessed', evidenceId: id, actor, txTime: '2026-03-01T08:00:00.000Z' };

/** Each parser with a request that it accepts, so that one hostile member at a time can be tried as well. */
const REQUESTS: [string, (value: unknown) => unknown, object][] = [
  ['register', parseRegisterRequest, register],
  ['supersede', parseSupersedeRequest, { ...register, supersedes: id }],
  ['object', parseObjectRequest, { requestId, evidenceId: id, ground: 'source-disputed', detailDigest: hex }],
  [
    'decide',
    parseDecideRequest,
    { requestId, evidenceId: id, objectionId: `OB${id.slice(2)}`, decision: 'upheld', documentDigest: hex },
  ],
  [
    'hand over',
    parseHandOverRequest,
    { requestId, evidenceId: id, to: { mspId: 'AMSP', unit: actor.unit }, purpose: 'return' },
  ],
  [
    'answer',
    parseAnswerTransferRequest,
    { requestId, evidenceId: id, transferId: `CT${id.slice(2)}`, answer: 'accepted' },
  ],
  [
    'access',
    parseAccessRequest,
    { requestId, evidenceId: id, purpose: 'return', changed: true, justificationDigest: hex },
  ],
  ['configure', parseConfigureRequest, { members: ['AMSP', 'BMSP'] }],
  ['event', parseEvidenceEvent, { ...event, entryId: `AC${id.slice(2)}`, purpose: 'return', changed: false }],
];

/** Parts of requests: never text. */
const PARTS: typeof REQUESTS = [
  ['actor', parseStoredActor, actor],
  ['statements', parseStatements, { source: 'party', detailDigest: hex }],
  ['digests', parseDigestMap, { 'sha-256': hex, sm3: hex }],
];

const PARSERS = [...REQUESTS, ...PARTS];

const WORDS: [string, (value: unknown) => unknown][] = [
  ['evidence id', parseEvidenceId],
  ['request id', parseRequestId],
  ['transaction id', parseTxId],
  ['entry id', (value) => parseEntryId('OB', value)],
  ['algorithm', parseHashAlgorithm],
  ['digest', (value) => parseDigestHex('sm3', value)],
  ['salted digest', parseSaltedDigest],
  ['instant', (value) => readInstant(value, 'when')],
];

const hostile = fc.oneof(
  fc.anything(),
  fc.string(),
  fc.json(),
  fc.constantFrom('\u0000', '__proto__', '9999-12-31T23:59:59-23:59', '0000-01-01T00:00:00+23:59', '{}', '[', hex, id),
);

/** A text that no message of ours contains by chance. */
const secret = fc.stringMatching(/^[a-z]{4}[0-9]{6}[\u4e00-\u4eff]{3}$/);

function refuses(parse: () => unknown): DomainError | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(DomainError);
    return error as DomainError;
  }
}

describe('parsers', () => {
  test.each(PARSERS)('%s accepts its example', (_name, parse, example) => {
    expect(parse(example)).toMatchObject(example);
  });

  test.each(REQUESTS)(
    '%s accepts its example as text, but no text in place of an object inside it',
    (_n, parse, example) => {
      expect(parse(JSON.stringify(example))).toEqual(parse(example));
      for (const [name, value] of Object.entries(example)) {
        if (typeof value !== 'object') continue;
        expect(refuses(() => parse({ ...example, [name]: JSON.stringify(value) }))).toBeDefined();
      }
    },
  );

  test.each<[string, (value: unknown) => unknown]>([
    ...PARSERS.map(([name, parse]) => [name, parse] as never),
    ...WORDS,
  ])('%s throws nothing but a refusal, whatever it is given', (_name, parse) => {
    fc.assert(
      fc.property(hostile, (value) => {
        refuses(() => parse(value));
      }),
    );
  });

  test.each(PARSERS)(
    '%s refuses a strange member and repeats neither its name nor its value',
    (_name, parse, example) => {
      fc.assert(
        fc.property(secret, secret, (name, value) => {
          const refusal = refuses(() => parse({ ...example, [name]: value }));
          expect(refusal).toBeDefined();
          expect(refusal?.message).not.toContain(name);
          expect(refusal?.message).not.toContain(value);
        }),
      );
    },
  );

  test.each(PARSERS)('%s survives any value in any member and never repeats it', (_name, parse, example) => {
    const member = fc.constantFrom(...Object.keys(example));
    fc.assert(
      fc.property(member, hostile, secret, (name, value, word) => {
        refuses(() => parse({ ...example, [name]: value }));
        const refusal = refuses(() => parse({ ...example, [name]: word }));
        expect(refusal?.message ?? '').not.toContain(word);
      }),
    );
  });

  test('an actor is read from any certificate facts or refused', () => {
    const maybe = fc.option(fc.string({ unit: 'binary' }), { nil: undefined });
    fc.assert(
      fc.property(maybe, maybe, maybe, maybe, (commonName, role, unit, region) => {
        refuses(() => parseActor({ mspId: 'AMSP', commonName, role, unit, region }));
      }),
    );
  });

  test('a time is always written in 24 characters, and reading it again changes nothing', () => {
    const when = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9998-12-31T00:00:00Z'),
      noInvalidDate: true,
    });
    const offset = fc.constantFrom('Z', '+08:00', '-11:30');
    fc.assert(
      fc.property(when, offset, (date, zone) => {
        const read = readInstant(date.toISOString().replace('Z', zone), 'when');
        expect(read).toHaveLength(24);
        expect(readInstant(read, 'when')).toBe(read);
      }),
    );
  });
});

describe('a refusal', () => {
  test('comes back whole from inside any text around it', () => {
    const detail = fc.oneof(fc.string(), fc.integer(), fc.boolean());
    const details = fc.dictionary(fc.stringMatching(/^[a-zA-Z]{1,12}$/), detail) as fc.Arbitrary<ErrorDetails>;
    const around = fc.string().filter((text) => !text.includes('YINZHENG'));
    fc.assert(
      fc.property(fc.constantFrom(...ERROR_CODES), details, around, around, (code, facts, before, after) => {
        const { message } = new DomainError(code, facts);
        const found = findDomainError(`${before}${message}${after}`);
        expect({ code: found?.code, details: { ...found?.details } }).toEqual({ code, details: { ...facts } });
      }),
    );
  });
});
