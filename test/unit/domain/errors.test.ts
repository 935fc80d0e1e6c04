import { DomainError, ERROR_CODES, findDomainError } from '../../../domain/errors.js';

describe('a refusal on the wire', () => {
  test('is found inside what a peer and a gateway put around it', () => {
    const { message } = new DomainError('EVIDENCE_SUPERSEDED', { successor: 'EV00', strays: 2, late: true });
    const found = findDomainError(
      `10 ABORTED: evaluate call returned error: chaincode response 500, ${message} (peer0)`,
    );
    expect(found).toMatchObject({ code: 'EVIDENCE_SUPERSEDED', details: { successor: 'EV00', strays: 2, late: true } });
  });

  test('keeps its code when its details were cut off', () => {
    const { message } = new DomainError('NOT_OWNER', { wanted: 'a unit' });
    expect(findDomainError(message.slice(0, -3))).toMatchObject({ code: 'NOT_OWNER', details: {} });
  });

  test.each([
    '',
    'chaincode response 500, TypeError',
    'YINZHENG/',
    'YINZHENG/NO_SUCH_CODE {}',
    'YINZHENG/NOT_OWNERS {}',
  ])('is not found in %j', (text) => {
    expect(findDomainError(text)).toBeUndefined();
  });

  test('codes are unique upper-case words', () => {
    expect(new Set(ERROR_CODES).size).toBe(ERROR_CODES.length);
    expect(ERROR_CODES.filter((code) => !/^[A-Z]+(_[A-Z]+)*$/.test(code))).toEqual([]);
  });
});
