import { GatewayError } from '@hyperledger/fabric-gateway';
import { ledger, peer } from '@hyperledger/fabric-protos';

import { readEnvelope } from '../../../network/embedded/wire/envelope.js';
import {
  readChaincodeAction,
  readEndorserTransaction,
  readResponsePayload,
} from '../../../network/embedded/wire/transaction.js';
import { type TestNetwork } from '../../support/network/test-network.js';
import { ask, askValue, commit, freshKey, PROBE, probeOf } from '../../support/probe/probe-client.js';
import { errorOf, type Scenario, USERS } from '../scenario.js';

const { VALID } = peer.TxValidationCode;

type Found = readonly (readonly [key: string, value: string])[];
type Page = { readonly found: Found; readonly bookmark: string };

/** What a chaincode may ask of the state: ranges, pages, composite keys, history, other chaincodes. */
export const stateScenarios: readonly Scenario[] = [
  {
    title: 'a range over more keys than one message holds comes whole, in order, without its end',
    run: async (network) => {
      const prefix = freshKey('range');
      const connection = network.connectAs(USERS.ChongqingMSP);
      await commit(connection, 'putMany', [prefix, '250']);
      const all = await askValue<Found>(connection, 'range', prefix, `${prefix}~`);
      expect(all.map(([key]) => key)).toEqual(Array.from({ length: 250 }, (_, n) => `${prefix}${pad(n)}`));
      const middle = await askValue<Found>(connection, 'range', `${prefix}100`, `${prefix}103`);
      expect(middle.map(([, value]) => value)).toEqual([100, 101, 102].map((n) => `${prefix}${n}`));
    },
  },
  {
    title: 'a transaction that read a range of many keys tells them by hashes, and is valid while nobody touches them',
    run: async (network) => {
      const prefix = freshKey('range-valid');
      const connection = network.connectAs(USERS.ChongqingMSP);
      await commit(connection, 'putMany', [prefix, '130']);
      const { code, txId } = await commit(connection, 'count', [prefix, `${prefix}~`, `${prefix}~count`]);
      expect(code).toBe(VALID);
      expect(await ask(connection, 'get', `${prefix}~count`)).toBe('130');
      const [long] = await rangesOf(network, txId);
      expect(long).toMatchObject({ rawReads: undefined, readsMerkleHashes: { maxDegree: 50, maxLevel: 1 } });
      expect(long?.readsMerkleHashes?.maxLevelHashesList).toHaveLength(3); // 51, 51 and 28 reads.
      const short = await commit(connection, 'count', [`${prefix}000`, `${prefix}050`, `${prefix}~short`]);
      const [raw] = await rangesOf(network, short.txId);
      expect([raw?.rawReads?.kvReadsList.length, raw?.readsMerkleHashes]).toEqual([50, undefined]);
    },
  },
  {
    title: 'keys are ordered by their UTF-8 bytes',
    run: async (network) => {
      const prefix = freshKey('utf8');
      const connection = network.connectAs(USERS.ChongqingMSP);
      // JavaScript's own order would put the emoji, a surrogate pair, before U+FFFD.
      const names = ['\u{1F600}', '\uFFFD', '证', 'é', 'z', 'A', '\u{1F4C4}'];
      await Promise.all(names.map((name) => commit(connection, 'put', [`${prefix}${name}`, name])));
      const found = await askValue<Found>(connection, 'range', prefix, `${prefix}\u{10FFFF}`);
      expect(found.map(([, value]) => value)).toEqual(['A', 'z', 'é', '证', '\uFFFD', '\u{1F4C4}', '\u{1F600}']);
    },
  },
  {
    title: 'pages follow each other by their bookmarks until there is no more',
    run: async (network) => {
      const prefix = freshKey('page');
      const connection = network.connectAs(USERS.ChongqingMSP);
      await commit(connection, 'putMany', [prefix, '25']);
      const sizes: number[] = [];
      const keys: string[] = [];
      let bookmark = '';
      do {
        const page: Page = await askValue(connection, 'page', prefix, `${prefix}~`, '10', bookmark);
        sizes.push(page.found.length);
        keys.push(...page.found.map(([key]) => key));
        ({ bookmark } = page);
      } while (bookmark !== '' && sizes.length < 10);
      expect(sizes).toEqual([10, 10, 5]);
      expect(keys).toEqual(Array.from({ length: 25 }, (_, n) => `${prefix}${pad(n)}`));
    },
  },
  {
    title: 'a transaction that read a page may not write',
    run: async (network) => {
      const prefix = freshKey('page-write');
      const connection = network.connectAs(USERS.ChongqingMSP);
      const refused = probeOf(connection).evaluateTransaction('pageThenPut', prefix, `${prefix}~`, `${prefix}x`);
      expect((await errorOf(GatewayError, refused)).message).toContain('Writes are not allowed');
    },
  },
  {
    title: 'composite keys are found by their first attributes, and never in a plain range',
    run: async (network) => {
      const type = freshKey('composite');
      const connection = network.connectAs(USERS.ChongqingMSP);
      const attributes = [
        ['重庆', 'a'],
        ['重庆', 'b'],
        ['重庆西', 'a'],
      ];
      for (const each of attributes) await commit(connection, 'putComposite', [type, JSON.stringify(each), '1']);
      const list = (parts: readonly string[]) =>
        askValue<{ attributes: string[] }[]>(connection, 'listComposite', type, JSON.stringify(parts));
      expect((await list(['重庆'])).map((found) => found.attributes)).toEqual(attributes.slice(0, 2));
      expect(await list([])).toHaveLength(3);
      expect(await askValue<Found>(connection, 'range', type, `${type}~`)).toEqual([]);
    },
  },
  {
    title: "a key's history tells every valid value and deletion with its transaction, newest first",
    run: async (network) => {
      const key = freshKey('history');
      const connection = network.connectAs(USERS.ChongqingMSP);
      const first = await commit(connection, 'put', [key, 'one']);
      const second = await commit(connection, 'put', [key, '二']);
      const rejected = await commit(connection, 'put', {
        arguments: [key, 'never'],
        endorsingOrganizations: ['ChongqingMSP'],
      });
      const third = await commit(connection, 'remove', [key]);
      expect(rejected.code).not.toBe(VALID);
      expect(await askValue(connection, 'history', key)).toMatchObject([
        { txId: third.txId, isDelete: true, value: '' },
        { txId: second.txId, isDelete: false, value: '二' },
        { txId: first.txId, isDelete: false, value: 'one' },
      ]);
    },
  },
  {
    title: 'a history of more entries than one message holds comes whole',
    run: async (network) => {
      const key = freshKey('long-history');
      const connection = network.connectAs(USERS.ChongqingMSP);
      const values = Array.from({ length: 104 }, (_, n) => `v${n}`);
      await Promise.all(values.map((value) => commit(connection, 'put', [key, value])));
      const found = await askValue<{ value: string }[]>(connection, 'history', key);
      expect(found.map(({ value }) => value).sort()).toEqual([...values].sort());
    },
  },
  {
    title: "a chaincode calls another one, as its own caller and in the other's namespace",
    run: async (network) => {
      const connection = network.connectAs('admin@chongqing');
      const members = ['BeijingMSP', 'ChongqingMSP', 'GuangdongMSP', 'ZhejiangMSP'];
      const input = JSON.stringify(['consortium:configure', JSON.stringify({ members })]);
      expect((await commit(connection, 'callOther', ['yinzheng', input])).code).toBe(VALID);
      const answer = await askValue<{ status: number; payload: string }>(
        connection,
        'callOther',
        'yinzheng',
        '["consortium:get"]',
      );
      expect(answer.status).toBe(200);
      expect(JSON.parse(answer.payload)).toMatchObject({
        configured: true,
        members,
        configuredBy: { mspId: 'ChongqingMSP', role: 'admin' },
      });
    },
  },
  {
    title: "a called chaincode's refusal is an answer to the caller, a chaincode that is not there an error",
    run: async (network) => {
      const connection = network.connectAs(USERS.GuangdongMSP);
      const input = '["evidence:decideObjection","{}"]';
      const answer = await askValue<{ status: number; message: string }>(connection, 'callOther', 'yinzheng', input);
      expect(answer.status).toBe(500);
      expect(answer.message).toContain('ROLE_NOT_ALLOWED');
      const absent = probeOf(connection).evaluateTransaction('callOther', 'nosuch', '["get"]');
      expect((await errorOf(GatewayError, absent)).message).toMatch(
        /INVOKE_CHAINCODE failed: transaction ID: \w+: execute failed: invalid invocation: \[channel \w+\] failed to get chaincode container info for nosuch: chaincode nosuch not found/,
      );
      const abroad = probeOf(connection).evaluateTransaction('callAbroad', 'probe', '["get","k"]', 'elsewhere');
      expect((await errorOf(GatewayError, abroad)).message).toContain(
        'Failed to get policy manager for channel [elsewhere]',
      );
    },
  },
  {
    title: "a chaincode that calls a peer's own, or itself, is refused in words",
    run: async (network) => {
      const connection = network.connectAs(USERS.ChongqingMSP);
      const input = JSON.stringify(['GetChainInfo', network.channel]);
      const answer = await askValue(connection, 'callOther', 'qscc', input);
      const message = expect.stringContaining('Rejecting invoke of QSCC from another chaincode') as string;
      expect(answer).toMatchObject({ status: 500, message });
      const itself = probeOf(connection).evaluateTransaction('callOther', 'probe', '["get","k"]');
      expect((await errorOf(GatewayError, itself)).message).toMatch(
        /INVOKE_CHAINCODE failed: .*txid: \w+\(\w+\) exists/,
      );
    },
  },
  {
    title: 'rich queries are refused in the words of a peer whose state is in LevelDB',
    run: async (network) => {
      const asked = probeOf(network.connectAs(USERS.BeijingMSP)).evaluateTransaction('query', '{"selector":{}}');
      expect((await errorOf(GatewayError, asked)).message).toMatch(
        /GET_QUERY_RESULT failed: transaction ID: \w+: ExecuteQuery not supported for leveldb/,
      );
    },
  },
  {
    title: 'a transaction that wrote may not read a page any more, nor one that read a page write',
    run: async (network) => {
      const connection = network.connectAs(USERS.BeijingMSP);
      const writing = probeOf(connection).evaluateTransaction('pageThenPut', 'a', 'b', 'k');
      expect((await errorOf(GatewayError, writing)).message).toMatch(
        /txid \[\w+\]: unsuppored transaction\. Transaction has already performed a paginated query\. Writes are not allowed/,
      );
      const paging = probeOf(connection).evaluateTransaction('putThenPage', 'k', 'a', 'b');
      expect((await errorOf(GatewayError, paging)).message).toContain(
        'unsuppored transaction. Paginated queries are supported only in a read-only transaction',
      );
    },
  },
];

function pad(n: number): string {
  return String(n).padStart(3, '0');
}

/** What a committed transaction says that the probe read in ranges. */
async function rangesOf(network: TestNetwork, txId: string) {
  const qscc = network.connectAs(USERS.ChongqingMSP).contract('qscc');
  const bytes = await qscc.evaluateTransaction('GetTransactionByID', network.channel, txId);
  const envelope = peer.ProcessedTransaction.deserializeBinary(bytes).getTransactionenvelope();
  const { data } = readEnvelope(envelope?.serializeBinary() ?? new Uint8Array());
  const { extension } = readResponsePayload(readEndorserTransaction(data).responsePayload);
  const { results } = readChaincodeAction(extension);
  const sets = ledger.rwset.TxReadWriteSet.deserializeBinary(results).getNsRwsetList();
  const own = sets.find((set) => set.getNamespace() === PROBE)?.getRwset_asU8() ?? new Uint8Array();
  return ledger.rwset.kvrwset.KVRWSet.deserializeBinary(own).toObject().rangeQueriesInfoList;
}
