'use strict';
const { readFileSync } = require('node:fs');
const shim = require('fabric-shim');

/** A chaincode as an outsider would write it: counts under names, and knows nothing of the network that runs it. */
class Counter {
  async Init() {
    return shim.success();
  }

  /** `add NAME N` answers the new sum, `read NAME` the present one. */
  async Invoke(stub) {
    const { fcn, params } = stub.getFunctionAndParameters();
    const [name = '', step = '1'] = params;
    const before = Number((await stub.getState(name)).toString() || 0);
    if (fcn === 'read') return shim.success(Buffer.from(String(before)));
    if (fcn !== 'add') return shim.error(Buffer.from(`no function ${fcn}`));
    const sum = Buffer.from(String(before + Number(step)));
    await stub.putState(name, sum);
    return shim.success(sum);
  }
}

// Chaincode as a service: the network tells where to listen and which TLS files to show.
const read = (name) => readFileSync(process.env[name]);
shim
  .server(new Counter(), {
    ccid: process.env.CHAINCODE_ID,
    address: process.env.CHAINCODE_SERVER_ADDRESS,
    tlsProps: {
      key: read('CORE_CHAINCODE_TLS_KEY_FILE'),
      cert: read('CORE_CHAINCODE_TLS_CERT_FILE'),
      clientCACerts: read('CORE_CHAINCODE_TLS_CLIENT_CACERT_FILE'),
    },
  })
  .start();
