import { parseRegisterRequest } from '../../../domain/evidence.js';
import { parseObjectRequest } from '../../../domain/objection.js';
import { readRequest } from '../../../gateway/routes/request.js';
import { digestOf, evidenceId, registerBody } from './support/records.js';

const KEY = '3f2c1a52-7c1e-4f0a-9a57-0c9d1f6f5a10';
const OTHER_KEY = '9b8a7c6d-7c1e-4f0a-9a57-0c9d1f6f5a10';

const register = (body: unknown, key?: string) =>
  readRequest('register', { body, key, path: {} }, parseRegisterRequest);

describe('the request id of a write', () => {
  test('is the Idempotency-Key, in lower case', () => {
    expect(register(registerBody('a'), KEY.toUpperCase()).requestId).toBe(KEY);
  });

  test('or stands in the body', () => {
    expect(register({ ...registerBody('a'), requestId: KEY }).requestId).toBe(KEY);
  });

  test('or follows from the content: however it is written, and nothing else', () => {
    const first = register(registerBody('a'));
    const upper = { 'sha-256': digestOf('a').toUpperCase() };
    const { kind, claimedAt } = registerBody('a');
    expect(register({ claimedAt, kind, digests: upper }).requestId).toBe(first.requestId);
    expect(register(registerBody('b')).requestId).not.toBe(first.requestId);
    expect(register({ ...registerBody('a'), interest: 'party' }).requestId).not.toBe(first.requestId);
  });

  test('separates equal contents of different operations', () => {
    const again = readRequest('other', { body: registerBody('a'), key: undefined, path: {} }, parseRegisterRequest);
    expect(again.requestId).not.toBe(register(registerBody('a')).requestId);
  });

  test.each(['not a UUID', '', `${KEY}0`])('refuses the key %j', (key) => {
    expect(() => register(registerBody('a'), key)).toThrow(expect.objectContaining({ code: 'ID_MALFORMED' }) as Error);
  });

  test('refuses two that differ', () => {
    expect(() => register({ ...registerBody('a'), requestId: OTHER_KEY }, KEY)).toThrow(
      expect.objectContaining({ code: 'REQUEST_MALFORMED' }) as Error,
    );
  });
});

describe('what the path names', () => {
  const path = { evidenceId: evidenceId('a') };
  const object = (body: unknown) => readRequest('object', { body, key: KEY, path }, parseObjectRequest);

  test('becomes a member of the request', () => {
    expect(object({ ground: 'source-disputed' }).evidenceId).toBe(path.evidenceId);
    expect(object({ ground: 'source-disputed', ...path }).evidenceId).toBe(path.evidenceId);
  });

  test('is never contradicted by the body', () => {
    expect(() => object({ ground: 'source-disputed', evidenceId: evidenceId('b') })).toThrow(
      expect.objectContaining({ code: 'REQUEST_MALFORMED' }) as Error,
    );
  });
});

test.each([undefined, null, [], 'text', 7])('a body that is %j is refused', (body) => {
  expect(() => register(body)).toThrow(expect.objectContaining({ code: 'REQUEST_MALFORMED' }) as Error);
});

test('R01 a body that names a submitter is refused, and not echoed', () => {
  const claim = () => register({ ...registerBody('a'), submitter: { mspId: 'CourtMSP', name: 'judge' } });
  expect(claim).toThrow(expect.objectContaining({ code: 'REQUEST_MALFORMED' }) as Error);
  expect(claim).not.toThrow(/CourtMSP|judge/);
});
