import { CommitError, GatewayError, type Transaction } from '@hyperledger/fabric-gateway';
import { peer } from '@hyperledger/fabric-protos';

import { readChain } from '../../support/network/block-stream.js';
import { readTransactions } from '../../support/network/chain-reader.js';
import { codeOf } from '../../support/network/commit-status.js';
import { type PeerConnection } from '../../support/network/peer-connection.js';
import { ask, commit, freshKey, probeOf } from '../../support/probe/probe-client.js';
import { type Scenario, USERS } from '../scenario.js';

const { VALID, MVCC_READ_CONFLICT, PHANTOM_READ_CONFLICT } = peer.TxValidationCode;

/** Transactions that were true when they were endorsed and are not any more, and the same one twice. */
export const conflictScenarios: readonly Scenario[] = [
  {
    title: 'a transaction that read a version which is gone is MVCC_READ_CONFLICT and changes nothing',
    run: async (network) => {
      const key = freshKey('mvcc');
      const connection = network.connectAs(USERS.ChongqingMSP);
      await commit(connection, 'put', [key, '1']);
      const late = await endorse(connection, 'add', key, '10');
      expect((await commit(connection, 'add', [key, '100'])).code).toBe(VALID);
      expect(await codeOf(late)).toBe(MVCC_READ_CONFLICT);
      expect(await ask(connection, 'get', key)).toBe('101');
    },
  },
  {
    title: 'a transaction that read an absent key is MVCC_READ_CONFLICT once the key exists',
    run: async (network) => {
      const key = freshKey('mvcc-absent');
      const connection = network.connectAs(USERS.ChongqingMSP);
      const late = await endorse(connection, 'add', key, '10');
      await commit(connection, 'put', [key, '1']);
      expect(await codeOf(late)).toBe(MVCC_READ_CONFLICT);
      expect(await ask(connection, 'get', key)).toBe('1');
    },
  },
  {
    title: 'of transactions endorsed on one version and ordered together exactly one is VALID',
    run: async (network) => {
      const key = freshKey('mvcc-block');
      const connection = network.connectAs(USERS.ChongqingMSP);
      await commit(connection, 'put', [key, '0']);
      const endorsed = await Promise.all(Array.from({ length: 6 }, () => endorse(connection, 'add', key, '1')));
      const codes = await Promise.all(endorsed.map(codeOf));
      expect(codes.filter((code) => code === VALID)).toHaveLength(1);
      expect(codes.filter((code) => code === MVCC_READ_CONFLICT)).toHaveLength(5);
      expect(await ask(connection, 'get', key)).toBe('1');
    },
  },
  {
    title: 'rivals get a CommitError with the code, and no update is lost',
    run: async (network) => {
      const key = freshKey('rivals');
      const connection = network.connectAs(USERS.ChongqingMSP);
      await commit(connection, 'put', [key, '0']);
      const outcomes = await Promise.allSettled(
        Array.from({ length: 8 }, () => probeOf(connection).submitTransaction('add', key, '1')),
      );
      const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
      expect(refused.length).toBeGreaterThan(0);
      for (const error of refused) {
        expect(error).toBeInstanceOf(CommitError);
        expect((error as CommitError).code).toBe(MVCC_READ_CONFLICT);
      }
      expect(await ask(connection, 'get', key)).toBe(String(outcomes.length - refused.length));
    },
  },
  {
    title: 'a transaction that only writes never conflicts',
    run: async (network) => {
      const key = freshKey('blind');
      const connection = network.connectAs(USERS.ChongqingMSP);
      const late = await endorse(connection, 'put', key, 'late');
      await commit(connection, 'put', [key, 'early']);
      expect(await codeOf(late)).toBe(VALID);
      expect(await ask(connection, 'get', key)).toBe('late');
    },
  },
  {
    title: 'a key that appears in, or goes from, a range that was read is PHANTOM_READ_CONFLICT',
    run: async (network) => {
      const prefix = freshKey('phantom');
      const connection = network.connectAs(USERS.ChongqingMSP);
      await commit(connection, 'putMany', [prefix, '120']);
      const counts = () => endorse(connection, 'count', prefix, `${prefix}~`, `${prefix}~count`);
      const beforeInsert = await counts();
      await commit(connection, 'put', [`${prefix}0605`, 'between']);
      expect(await codeOf(beforeInsert)).toBe(PHANTOM_READ_CONFLICT);
      const beforeDelete = await counts();
      await commit(connection, 'remove', [`${prefix}119`]);
      expect(await codeOf(beforeDelete)).toBe(PHANTOM_READ_CONFLICT);
      expect(await ask(connection, 'get', `${prefix}~count`)).toBe('');
    },
  },
  {
    title: 'a changed value inside a range that was read is PHANTOM_READ_CONFLICT too',
    run: async (network) => {
      const prefix = freshKey('phantom-value');
      const connection = network.connectAs(USERS.ChongqingMSP);
      await commit(connection, 'putMany', [prefix, '3']);
      const late = await endorse(connection, 'count', prefix, `${prefix}~`, `${prefix}~count`);
      await commit(connection, 'put', [`${prefix}001`, 'changed']);
      expect(await codeOf(late)).toBe(PHANTOM_READ_CONFLICT);
    },
  },
  {
    title: 'keys at and behind the end of a range that was read do not disturb it',
    run: async (network) => {
      const prefix = freshKey('no-phantom');
      const connection = network.connectAs(USERS.ChongqingMSP);
      await commit(connection, 'putMany', [prefix, '3']);
      const late = await endorse(connection, 'count', prefix, `${prefix}003`, `${prefix}count`);
      await commit(connection, 'put', [`${prefix}003`, 'the end itself']);
      expect(await codeOf(late)).toBe(VALID);
      expect(await ask(connection, 'get', `${prefix}count`)).toBe('3');
    },
  },
  {
    title: 'the same transaction twice takes effect once',
    run: async (network) => {
      const key = freshKey('twice');
      const connection = network.connectAs(USERS.ChongqingMSP);
      await commit(connection, 'put', [key, '1']);
      const transaction = await endorse(connection, 'put', key, '2');
      const [first] = await Promise.allSettled([transaction.submit(), transaction.submit()]);
      if (first.status === 'rejected') throw first.reason;
      await first.value.getStatus();
      await commit(connection, 'put', [key, '3']);
      // Long after its block, when the ledger itself must know it.
      await transaction.submit().catch(onlyGatewayError);
      await commit(connection, 'put', [freshKey('after'), '1']);
      const codes = readTransactions(await readChain(connection))
        .filter(({ txId }) => txId === transaction.getTransactionId())
        .map(({ code }) => code);
      expect(codes.filter((code) => code === 'VALID')).toEqual(['VALID']);
      // An orderer may refuse what it has seen; what it does order, peers mark.
      expect(new Set(codes.slice(1))).toEqual(new Set(codes.length > 1 ? ['DUPLICATE_TXID'] : []));
      expect(await ask(connection, 'get', key)).toBe('3');
    },
  },
];

/** Endorses without submitting, so that a test decides what is committed in between. */
function endorse(connection: PeerConnection, name: string, ...args: string[]): Promise<Transaction> {
  return probeOf(connection).newProposal(name, { arguments: args }).endorse();
}

function onlyGatewayError(error: unknown): void {
  if (!(error instanceof GatewayError)) throw error;
}
