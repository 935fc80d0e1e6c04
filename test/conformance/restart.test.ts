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

  test('a peer whose data was deleted catches up from the others at the next start', async () => {
    const before = await chains();
    await network.down();
    await rm(ledgerOf('guangdong.example'), { recursive: true });
    await network.up();
    expect((await chains()).every((chain) => chain.equals(before[0] ?? chain))).toBe(true);
    const there = network.connectAs(USERS.GuangdongMSP);
    expect(await ask(there, 'get', 'kept')).toBe('two');
    expect(await askValue<unknown[]>(there, 'history', 'kept')).toHaveLength(2);
    // Its endorsement is one of the two that the key wants, so its state must equal the other's.
    expect((await commit(there, 'put', ['kept', 'three'])).code).toBe(VALID);
  });

  test('a genesis block that was lost comes back from a ledger, also for a peer that begins anew', async () => {
    const file = join(network.folder.root, 'ledgers', 'genesis.block');
    const before = await chains();
    await network.down();
    await rm(file);
    await rm(ledgerOf('beijing.example'), { recursive: true });
    await network.up();
    expect((await chains()).every((chain) => chain.equals(before[0] ?? chain))).toBe(true);
    expect((await readFile(file)).length).toBeGreaterThan(0);
  });

  test('a state database that was deleted is rebuilt from the blocks', async () => {
    const before = await askValue(network.connectAs(USERS.BeijingMSP), 'history', 'kept');
    await network.down();
    await rm(join(ledgerOf('beijing.example'), 'index'), { recursive: true });
    await network.up();
    const there = network.connectAs(USERS.BeijingMSP);
    expect(await askValue(there, 'history', 'kept')).toEqual(before);
    expect((await commit(there, 'put', ['kept', 'four'])).code).toBe(VALID);
  });

  test('a block that was torn while it was written is cut and fetched again', async () => {
    const before = await chains();
    await network.down();
    const blocks = join(ledgerOf('zhejiang.example'), 'blocks');
    const whole = await readFile(blocks);
    await rm(join(ledgerOf('zhejiang.example'), 'index'), { recursive: true });
    await truncate(blocks, whole.length - 100);
    await appendFile(blocks, Buffer.alloc(30, 0xff));
    await network.up();
    expect((await chains()).every((chain) => chain.equals(before[0] ?? chain))).toBe(true);
    await network.down();
    expect((await readFile(blocks)).equals(whole)).toBe(true);
    await network.up();
  });

  test('a peer whose stored block was changed is not started over: the network says which file is corrupt', async () => {
    await network.down();
    const blocks = join(ledgerOf('beijing.example'), 'blocks');
    const whole = await readFile(blocks);
    const changed = Buffer.from(whole);
    const at = changed.indexOf('before the restart');
    expect(at).toBeGreaterThan(0);
    changed.write('beforf', at);
    await writeFile(blocks, changed);
    await rm(join(ledgerOf('beijing.example'), 'index'), { recursive: true });
    await expect(network.up()).rejects.toMatchObject({ code: 'PROCESS_FAILED', details: { code: 'LEDGER_CORRUPT' } });
    await writeFile(blocks, whole);
    await network.up();
    expect(await ask(network.connectAs(USERS.BeijingMSP), 'get', 'kept')).toBe('four');
  });
});
