import { appendFile, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { peer } from '@hyperledger/fabric-protos';

import { readChain } from '../support/network/block-stream.js';
import { TestNetwork } from '../support/network/test-network.js';
import { ask, askValue, commit, PROBE } from '../support/probe/probe-client.js';
import { USERS } from './scenario.js';

const { VALID, ENDORSEMENT_POLICY_FAILURE } = peer.TxValidationCode;

/** What the embedded network keeps on its disk, and what it can do without: its own promise, not Fabric's wire. */
describe('the embedded network across restarts', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.start({ probe: true });
    const connection = network.connectAs(USERS.ChongqingMSP);
    await commit(connection, 'put', ['kept', 'one']);
    await commit(connection, 'put', ['kept', 'two']);
    await commit(connection, 'putMany', ['many-', '150']);
    await commit(connection, 'setPolicy', ['kept', '["GuangdongMSP","BeijingMSP"]']);
    await commit(connection, 'emit', ['told', 'Told', 'before the restart']);
  });
  afterAll(() => network.close());

  /** A peer's folder under the ledgers. */
  const ledgerOf = (domain: string) => join(network.folder.root, 'ledgers', `peer0.${domain}`);
  const chains = async () => {
    const users = Object.values(USERS);
    return Promise.all(users.map(async (user) => Buffer.concat(await readChain(network.connectAs(user)))));
  };

  test('an orderly restart keeps blocks, state, history, key policies and events', async () => {
    const before = await chains();
    await network.down();
    await network.up();
    const after = await chains();
    expect(after.map((chain) => chain.equals(before[0] ?? chain))).toEqual([true, true, true, true]);
    const connection = network.connectAs(USERS.ZhejiangMSP);
    expect(await ask(connection, 'get', 'kept')).toBe('two');
    expect(await askValue<unknown[]>(connection, 'range', 'many-', 'many-~')).toHaveLength(150);
    expect(await askValue(connection, 'history', 'kept')).toMatchObject([{ value: 'two' }, { value: 'one' }]);
    const wrong = { arguments: ['kept', 'x'], endorsingOrganizations: ['ChongqingMSP', 'ZhejiangMSP'] };
    expect((await commit(connection, 'put', wrong)).code).toBe(ENDORSEMENT_POLICY_FAILURE);
    expect((await commit(connection, 'put', ['after', '1'])).code).toBe(VALID);
    const events = await connection.network.getChaincodeEvents(PROBE, { startBlock: 0n });
    for await (const { eventName } of events) {
      expect(eventName).toBe('Told');
      break;
    }
    events.close();
  });
});
