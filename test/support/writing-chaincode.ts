import './silent-shim.js'; // Before everything that loads fabric-shim.
import { type Context, Contract, JSONSerializer } from 'fabric-contract-api';
import { type ChaincodeServerOpts } from 'fabric-shim';

import { BatchingServer } from '../../chaincode/batching-server.js';
import { Dispatcher } from '../../chaincode/dispatcher.js';

/** Transactions that write in every way that the shim knows, behind this chaincode's own server and dispatcher. */
class Writer extends Contract {
  constructor() {
    super('writer');
  }

  async mixed({ stub }: Context): Promise<string> {
    const [a, missing] = await Promise.all([stub.getState('a'), stub.getState('missing')]);
    await stub.putState('b', Buffer.concat([a, missing, Buffer.from('!')]));
    await stub.setStateValidationParameter('b', Buffer.from('policy'));
    await stub.putState('c', Buffer.from('first'));
    await stub.putState('c', Buffer.from('second'));
    await stub.deleteState('a');
    await stub.putPrivateData('vault', 'secret', Buffer.from('hush'));
    await stub.setPrivateDataValidationParameter('vault', 'secret', Buffer.from('policy'));
    await stub.purgePrivateData('vault', 'old');
    const own = await stub.getState('c');
    return `${Buffer.from(a).toString()}/${missing.length}/${own.length}`;
  }

  async many({ stub }: Context): Promise<void> {
    for (let n = 0; n < 250; n += 1) await stub.putState(`k${n}`, Buffer.of(n));
  }

  /** What Fabric forbids, in the order in which a peer can tell. */
  async putThenPage({ stub }: Context): Promise<void> {
    await stub.putState('b', Buffer.from('1'));
    await stub.getStateByRangeWithPagination('a', 'z', 1, '');
  }

  async pageThenPut({ stub }: Context): Promise<void> {
    await stub.getStateByRangeWithPagination('a', 'z', 1, '');
    await stub.putState('b', Buffer.from('1'));
  }

  async putAbroad({ stub }: Context): Promise<void> {
    await stub.putPrivateData('closed', 'b', Buffer.from('1'));
  }

  async putAndFail({ stub }: Context): Promise<void> {
    await stub.putState('b', Buffer.from('1'));
    throw new Error('changed its mind');
  }

  async twoSecrets({ stub }: Context): Promise<void> {
    await Promise.all([stub.getPrivateData('vault', 'x'), stub.getPrivateData('vault', 'y')]);
  }
}

async function serve(): Promise<void> {
  const { CHAINCODE_SERVER_ADDRESS: address = '', CHAINCODE_ID: ccid = '' } = process.env;
  const serializers = { transaction: 'json', serializers: { json: JSONSerializer } };
  const dispatcher = new Dispatcher([Writer], serializers, {}, 'test', '1');
  // Its types demand TLS, which it does not.
  await new BatchingServer(dispatcher, { address, ccid } as ChaincodeServerOpts).start();
  process.stdout.write('listens\n');
}

process.once('SIGTERM', () => process.exit(0));
void serve();
