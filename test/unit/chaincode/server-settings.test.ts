import { readServerSettings } from '../../../chaincode/server-settings.js';

describe('the chaincode server reads its settings from the environment', () => {
  test.each(['CHAINCODE_ID', 'CORE_CHAINCODE_ID_NAME'])('address and %s', (name) => {
    const env = { CHAINCODE_SERVER_ADDRESS: '127.0.0.1:9999', [name]: 'yinzheng_1:ab' };
    expect(readServerSettings(env)).toEqual({ address: '127.0.0.1:9999', chaincodeId: 'yinzheng_1:ab' });
  });

  test('TLS files, which come together', () => {
    const env = { CHAINCODE_SERVER_ADDRESS: '127.0.0.1:9999', CHAINCODE_ID: 'x' };
    const files = { CORE_CHAINCODE_TLS_CERT_FILE: 'c', CORE_CHAINCODE_TLS_KEY_FILE: 'k' };
    expect(readServerSettings({ ...env, ...files }).tls).toEqual({ certFile: 'c', keyFile: 'k' });
    const clients = { ...files, CORE_CHAINCODE_TLS_CLIENT_CACERT_FILE: 'a' };
    expect(readServerSettings({ ...env, ...clients }).tls).toMatchObject({ clientCaFile: 'a' });
    expect(() => readServerSettings({ ...env, CORE_CHAINCODE_TLS_CERT_FILE: 'c' })).toThrow('KEY_FILE');
    expect(() => readServerSettings({ ...env, CORE_CHAINCODE_TLS_CLIENT_CACERT_FILE: 'a' })).toThrow('CERT_FILE');
  });

  test.each([
    [{ CHAINCODE_ID: 'x' }, 'CHAINCODE_SERVER_ADDRESS'],
    [{ CHAINCODE_ID: 'x', CHAINCODE_SERVER_ADDRESS: '127.0.0.1' }, 'CHAINCODE_SERVER_ADDRESS'],
    [{ CHAINCODE_SERVER_ADDRESS: '127.0.0.1:9999' }, 'CHAINCODE_ID'],
    [{ CHAINCODE_SERVER_ADDRESS: '127.0.0.1:9999', CHAINCODE_ID: '' }, 'CHAINCODE_ID'],
  ])('%j is refused by the name of what is wrong', (env, name) => {
    expect(() => readServerSettings(env)).toThrow(name);
  });
});
