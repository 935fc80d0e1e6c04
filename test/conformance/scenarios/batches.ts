import { GatewayError } from '@hyperledger/fabric-gateway';
import { peer } from '@hyperledger/fabric-protos';

import { codeOf } from '../../support/network/commit-status.js';
import { ask, askValue, commit, freshKey, probeOf } from '../../support/probe/probe-client.js';
import { errorOf, type Scenario, USERS } from '../scenario.js';

const { VALID, MVCC_READ_CONFLICT } = peer.TxValidationCode;

/** Messages of the shim that hold several keys, which peers announce since Fabric 3.1. */
export const batchScenarios: readonly Scenario[] = [
  {
    title: 'writes in one message do what single ones do, the last of a key counts',
    run: async (network) => {
      const key = freshKey('batch');
      const connection = network.connectAs(USERS.ChongqingMSP);
      await commit(connection, 'put', [`${key}old`, 'there']);
      const { code } = await commit(connection, 'writeBatch', [
        JSON.stringify([
          { type: 'PUT_STATE', key: `${key}a`, value: 'first' },
          { type: 'PUT_STATE_METADATA', key: `${key}a`, policy: ['BeijingMSP', 'ChongqingMSP'] },
          { type: 'PUT_STATE', key: `${key}a`, value: 'last' },
          { type: 'DEL_STATE', key: `${key}old` },
        ]),
      ]);
      expect(code).toBe(VALID);
      expect(await askValue(connection, 'getMultiple', '', JSON.stringify([`${key}a`, `${key}old`]))).toEqual([
        'last',
        '',
      ]);
      expect(await askValue(connection, 'policyOf', `${key}a`)).toEqual(['BeijingMSP', 'ChongqingMSP']);
    },
  },
  {
    title: 'private writes in one message are kept, and a purge with them',
    run: async (network) => {
      const key = freshKey('batch-private');
      const connection = network.connectAs(USERS.ChongqingMSP);
      const endorsingOrganizations = ['ChongqingMSP', 'ZhejiangMSP'];
      const writes = [
        { type: 'PUT_STATE', collection: 'open', key: `${key}a`, value: 'hush' },
        { type: 'PUT_STATE', collection: 'open', key: `${key}b`, value: 'gone' },
      ];
      const secret = { arguments: [JSON.stringify(writes)], endorsingOrganizations };
      expect((await commit(connection, 'writeBatch', secret)).code).toBe(VALID);
      const purge = [{ type: 'PURGE_PRIVATE_DATA', collection: 'open', key: `${key}b` }];
      await commit(connection, 'writeBatch', { arguments: [JSON.stringify(purge)], endorsingOrganizations });
      const keys = JSON.stringify([`${key}b`, `${key}a`, `${key}none`]);
      expect(await askValue(connection, 'getMultiple', 'open', keys)).toEqual(['', 'hush', '']);
    },
  },
  {
    title: 'one forbidden record refuses the whole message, in the words of its own kind',
    run: async (network) => {
      const key = freshKey('batch-refused');
      const outsider = network.connectAs(USERS.BeijingMSP);
      const refusals = [
        [{ type: 'PUT_STATE', collection: 'closed', key, value: '1' }, 'does not have write access permission'],
        [{ type: 'PURGE_PRIVATE_DATA', key }, 'only applicable for private data'],
        [{ type: 'UNDEFINED', key }, 'unknown operation type'],
      ] as const;
      for (const [record, words] of refusals) {
        const records = JSON.stringify([{ type: 'PUT_STATE', key, value: 'never' }, record]);
        const { message } = await errorOf(GatewayError, probeOf(outsider).evaluateTransaction('writeBatch', records));
        expect(message).toMatch(/WRITE_BATCH_STATE failed: transaction ID: [0-9a-f]{64}: /);
        expect(message).toContain(words);
      }
      expect(await ask(outsider, 'get', key)).toBe('');
    },
  },
  {
    title: 'keys asked for in one message come in their order, and are validated like any read',
    run: async (network) => {
      const key = freshKey('multiple');
      const connection = network.connectAs(USERS.ChongqingMSP);
      await commit(connection, 'put', [`${key}1`, '1']);
      await commit(connection, 'put', [`${key}2`, '2']);
      const [both, none] = [JSON.stringify([`${key}2`, `${key}1`]), JSON.stringify([`${key}3`])];
      expect(await askValue(connection, 'getMultiple', '', both)).toEqual(['2', '1']);
      const sum = await probeOf(connection)
        .newProposal('addMultiple', { arguments: [both, `${key}sum`] })
        .endorse();
      const late = await probeOf(connection)
        .newProposal('addMultiple', { arguments: [none, `${key}late`] })
        .endorse();
      await commit(connection, 'put', [`${key}3`, '3']);
      expect(await codeOf(late)).toBe(MVCC_READ_CONFLICT);
      expect(await codeOf(sum)).toBe(VALID);
      expect(await ask(connection, 'get', `${key}sum`)).toBe('3');
    },
  },
  {
    title: 'private keys are asked for in one message by members alone',
    run: async (network) => {
      const outsider = network.connectAs(USERS.BeijingMSP);
      const asked = probeOf(outsider).evaluateTransaction('getMultiple', 'closed', JSON.stringify(['a', 'b']));
      expect((await errorOf(GatewayError, asked)).message).toMatch(
        /GET_STATE_MULTIPLE failed: transaction ID: [0-9a-f]{64}: tx creator does not have read access permission/,
      );
    },
  },
];
